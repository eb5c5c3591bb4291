"""The loop behind minimize and maximize."""

from __future__ import annotations

import inspect
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ._errors import OptionError, StudyError
from ._trial import Trial

if TYPE_CHECKING:
    from ._study import Study

Objective = Callable[[Trial], Any]


@dataclass(frozen=True)
class Outlook:
    """What the solver's model expects of going on, in units of the objective, never negative."""

    expected_gain: float  #: expected improvement of the next evaluation on the best value
    regret: float  #: mean of what the best value is away from the best there is
    regret_high: float  #: its 95 % quantile


class Result:
    """What came out: ``params``, ``value``, ``trial``, SciPy's ``x fun nfev nit success status
    message``, and ``outlook``: what the model expects of going on (an estimate of the regret among
    it), None without a model. Under noise the trial is the one the solver recommends."""

    def __init__(
        self,
        trial: Trial | None,
        nfev: int,
        status: int,
        message: str,
        outlook: Outlook | None = None,
    ) -> None:
        self.trial = trial
        self.params: dict[str, Any] = {} if trial is None else trial.params
        self.value: float = float("nan") if trial is None else trial.value
        self.x = np.array([]) if trial is None else trial.vector()
        self.fun = self.value
        self.nfev = self.nit = nfev
        self.success = trial is not None
        self.status = status
        self.message = message
        self.outlook = outlook

    def __repr__(self) -> str:
        return f"Result(value={self.value!r}, params={self.params!r}, message={self.message!r})"


class _Remote:
    """The objective as a worker of an executor sees it: plain parameters in, the answer out."""

    def __init__(self, objective: Objective) -> None:
        self.objective = objective

    def __call__(self, trial: Any) -> Any:
        return self.objective(trial)


class Runner:
    """Evaluates trials until a limit; see Study.minimize for the settings."""

    def __init__(
        self,
        study: Study,
        objective: Objective,
        *,
        n_trials: int | None = None,
        additional: int | None = None,
        timeout: float | None = None,
        target: float | None = None,
        no_improvement: int | None = None,
        expected_gain: float | None = None,
        executor: Any = None,
        n_parallel: int | None = None,
        callbacks: Sequence[Callable[[Study, Trial], Any]] = (),
        on_failure: str = "continue",
        verbose: int = 1,
    ) -> None:
        if on_failure not in ("continue", "raise"):
            raise OptionError(
                f'on_failure is {on_failure!r}; it must be "continue" or "raise"', "option.value"
            )
        self.study = study
        self.objective = objective
        self.limit = n_trials
        if additional is not None:
            self.limit = int(study._core.finished_trials()) + additional
        if self.limit is None and timeout is None and int(study._core.n_trials()) == 0:
            raise OptionError(
                "minimize needs a limit; give n_trials=, additional= or timeout=", "option.limit"
            )
        self.deadline = None if timeout is None else time.monotonic() + timeout
        self.target = target
        self.no_improvement = no_improvement
        self.expected_gain = expected_gain
        self.executor = executor
        self.n_parallel = n_parallel or (1 if executor is None else 2)
        self.callbacks = callbacks
        self.on_failure = on_failure
        self.verbose = verbose
        self.failures = 0
        self.since_best = 0
        self.evaluated = 0
        self.message = ""
        self.bar: Any = None

    @classmethod
    def settings(cls) -> tuple[str, ...]:
        """Names of the keywords."""
        return tuple(inspect.signature(cls.__init__).parameters)[3:]

    def run(self) -> Result:
        """The loop; an interrupted run leaves a study that goes on."""
        self.open_bar()
        if self.verbose:
            description = str(self.study._core.diagnostics()["description"])
            if description:
                print(description, file=sys.stderr)
        try:
            if self.executor is None and self.n_parallel == 1:
                self.one_by_one()
            else:
                self.in_parallel()
        finally:
            if self.bar is not None:
                self.bar.close()
        status = 0 if self.message.startswith("spent") else 1
        return Result(
            self.study.recommend(), self.evaluated, status, self.message, self.study.outlook()
        )

    def open_bar(self) -> None:
        if self.verbose < 1 or self.limit is None or not sys.stderr.isatty():
            return
        try:
            from tqdm import tqdm
        except ImportError:
            return
        self.bar = tqdm(total=self.limit, initial=int(self.study._core.finished_trials()))

    def one_by_one(self) -> None:
        orphans = self.study.adopt()
        while not self.finished():
            trial = orphans.pop(0) if orphans else self.study.ask()
            if trial is None:
                self.message = "the study is exhausted"
                return
            try:
                answer = self.objective(trial)
            except Exception as error:
                self.failed(trial, error)
                continue
            self.tell(trial, answer)

    def in_parallel(self) -> None:
        from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

        own = ThreadPoolExecutor(self.n_parallel) if self.executor is None else None
        executor = self.executor if own is None else own
        running: dict[Any, Trial] = {}
        try:
            while True:
                while len(running) < self.n_parallel and not self.finished(len(running)):
                    trial = self.study.ask()
                    if trial is None:
                        self.message = "the study is exhausted"
                        break
                    payload = trial if own is not None else dict(trial)
                    running[executor.submit(_Remote(self.objective), payload)] = trial
                if not running:
                    return
                if all(isinstance(future, Future) for future in running):
                    done = wait(running, return_when=FIRST_COMPLETED).done
                else:  # another kind of future: poll
                    while not (done := {f for f in running if f.done()}):
                        time.sleep(0.001)
                for future in sorted(done, key=lambda f: running[f].number):
                    trial = running.pop(future)
                    error = future.exception()
                    if error is not None:
                        self.failed(trial, error)
                    else:
                        self.tell(trial, future.result())
        finally:
            if own is not None:
                own.shutdown()

    def finished(self, running: int = 0) -> bool:
        count = int(self.study._core.finished_trials()) + running
        if self.limit is not None and count >= self.limit:
            self.message = f"spent {self.limit} trials"
        elif self.deadline is not None and time.monotonic() >= self.deadline:
            self.message = "spent the time"
        elif self.no_improvement is not None and self.since_best >= self.no_improvement:
            self.message = f"no improvement in {self.no_improvement} trials"
        elif self.reached_target():
            self.message = f"reached the target {self.target}"
        elif self.little_to_gain():
            self.message = f"the solver expects to gain less than {self.expected_gain}"
        else:
            return False
        return True

    def little_to_gain(self) -> bool:
        if self.expected_gain is None:
            return False
        outlook = self.study.outlook()
        return outlook is not None and outlook.expected_gain < self.expected_gain

    def reached_target(self) -> bool:
        best = None if self.target is None else self.study.best()
        if best is None or self.target is None:
            return False
        minimized = self.study.directions[0] == "minimize"
        return best.value <= self.target if minimized else best.value >= self.target

    def tell(self, trial: Trial, answer: Any) -> None:
        self.study.tell(trial, answer)
        self.evaluated += 1
        best = self.study.best()
        improved = best is not None and best.number == trial.number
        self.since_best = 0 if improved else self.since_best + 1
        if trial.state == "failed":
            self.failures += 1
        elif self.bar is None and self.verbose >= 1 and (improved or self.verbose >= 2):
            print(f"trial {trial.number}: {trial.value:.6g} at {trial.params}", file=sys.stderr)
        self.after(trial)

    def after(self, trial: Trial) -> None:
        if self.bar is not None:
            self.bar.update()
        for callback in self.callbacks:
            callback(self.study, trial)

    def failed(self, trial: Trial, error: BaseException) -> None:
        self.study.fail(trial, f"{type(error).__name__}: {error}")
        self.evaluated += 1
        self.failures += 1
        self.since_best += 1
        if self.on_failure == "raise":
            raise error
        if self.failures >= 3 and self.study.told() == 0:
            text = "".join(traceback.format_exception(type(error), error, error.__traceback__))
            raise StudyError(
                f"the first three trials failed; the last one with:\n{text}",
                "study.objective-fails",
            ) from error
        if self.verbose >= 1 and self.bar is None:
            print(f"trial {trial.number}: failed ({error})", file=sys.stderr)
        self.after(trial)
