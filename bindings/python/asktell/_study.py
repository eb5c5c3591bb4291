"""The study: ask and tell, and the loops around them."""

from __future__ import annotations

import json
import operator
import os
import shutil
import tempfile
import weakref
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn

import numpy as np

from . import _core
from ._errors import OptionError, StudyError
from ._given import answer_of, count, rows
from ._run import Objective, Outlook, Result, Runner
from ._space import Space, core_space
from ._trial import Trial

__all__ = ["Outlook", "Result", "Study", "maximize", "minimize"]

# What other packages call it, and what we do.
_PEERS = {
    "n_calls": "n_trials",
    "max_evals": "n_trials",
    "maxeval": "n_trials",
    "maxiter": "n_trials",
    "budget": "n_trials",
    "n_iter": "n_trials",
    "max_iter": "n_trials",
    "random_state": "seed",
    "rng": "seed",
    "random_seed": "seed",
    "n_jobs": "n_parallel",
    "workers": "n_parallel",
    "bounds": "space",
    "dimensions": "space",
    "pbounds": "space",
    "storage": "file",
    "sampler": "solver",
    "algo": "solver",
    "method": "solver",
    "callback": "callbacks",
    "study_name": "file",
}


def _refuse_unknown(call: str, unknown: Mapping[str, Any], known: Sequence[str]) -> None:
    for name in unknown:
        ours = _PEERS.get(name)
        hint = f'; here it is called "{ours}"' if ours else f"; it takes: {', '.join(known)}"
        raise OptionError(f'{call} takes no "{name}"{hint}', "option.unknown")


def _seed(given: Any) -> int | None:
    if given is None:
        return None
    try:
        seed = operator.index(given)
    except TypeError:
        seed = -1
    if 0 <= seed < 2**64:
        return seed
    raise OptionError(f"seed is {given!r}; give an integer from 0 to 2**64 - 1", "option.value")


class Study:
    """One black-box problem, its trials, and the solver that chooses them.

    Parameters
    ----------
    space : mapping of names to parameters, or Space. May be left out when ``file`` holds a study.
    file : SQLite file of the journal, created when missing; in memory when not given.
    seed : integer; drawn and recorded when not given.
    solver : a name of ``asktell.solvers()``; "auto" chooses and says what and why.
    options : options of the solver by name.
    direction : "minimize" or "maximize", for a single objective.
    directions : mapping of objective names to directions, for several.
    constraints : names of constraint values that come with the answer; <= 0 is feasible.
    noise : variance of the noise; 0 for a deterministic objective; unknown when not given.
    n_trials : budget shared by all processes on the file; unlimited when 0.
    lease : seconds after which a pending trial is given up and its budget freed; 0: never.
    oracle : "evaluate", "compare", "perturb" or "consult"; the solver's first when not given.
    lower_space : variables of the lower level, for "consult".

    Raises SpaceError, OptionError, SolverError or StorageError.
    """

    def __init__(
        self,
        space: Space | Mapping[str, Any] | None = None,
        *,
        file: str | os.PathLike[str] | None = None,
        seed: int | None = None,
        solver: str = "auto",
        options: Mapping[str, Any] | None = None,
        direction: str = "minimize",
        directions: Mapping[str, str] | None = None,
        constraints: Sequence[str] = (),
        noise: float | None = None,
        n_trials: int = 0,
        lease: float = 0,
        oracle: str | None = None,
        lower_space: Space | Mapping[str, Any] | None = None,
        **unknown: Any,
    ) -> None:
        _refuse_unknown(
            "Study", unknown, ("space", "file", "seed", "solver", "options", "n_trials")
        )
        objectives = list((directions or {}).items())
        if not objectives and direction != "minimize":
            objectives = [("value", direction)]
        fields: dict[str, Any] = {
            "file": "" if file is None else os.fspath(file),
            "seed": _seed(seed),
            "solver": solver,
            "options": dict(options or {}),
            "objectives": objectives,
            "constraints": list(constraints),
            "noise": noise,
            "n_trials": n_trials,
            "lease": lease,
            "oracle": oracle,
        }
        if space is not None:
            fields["space"] = core_space(space)
        if lower_space is not None:
            fields["lower_space"] = core_space(lower_space)
        self._core = _core.Study(fields)
        self._temporary = False
        named = self._core.objectives()
        self.objectives: list[str] = [name for name, _ in named]
        self.directions: list[str] = [each for _, each in named]
        self.constraints: list[str] = list(self._core.constraints())
        self._plain = len(self.objectives) == 1 and not self.constraints

    def ask(
        self,
        n: int | None = None,
        *,
        fixed: Mapping[str, Any] | None = None,
        context: Mapping[str, Any] | None = None,
    ) -> Any:
        """The next trial (None when exhausted), or a list of at most ``n``."""
        if n is None:
            core = self._core.ask(dict(fixed or {}), dict(context or {}))
            return None if core is None else Trial(core)
        many = self._core.ask_many(count(n, "ask"), dict(fixed or {}), dict(context or {}))
        return [Trial(core) for core in many]

    def ask_from(
        self,
        candidates: Any,
        n: int | None = None,
        *,
        context: Mapping[str, Any] | None = None,
    ) -> Any:
        """The most promising of the given points (None when none is left), or a list of at most n.

        For when only these can be evaluated: samples in stock, recorded runs, another program's
        proposals. ``candidates`` are mappings of parameters, or a DataFrame with a column for each
        (empty cells where a parameter is inactive). Points evaluated before are passed over unless
        the study was given ``noise`` above 0; queued points wait. Raises PointError for a candidate
        outside of the space, StudyError without candidates, SolverError of a solver that cannot
        choose from a list (``asktell.solvers()`` says which can, as "candidates").
        """
        wanted = 1 if n is None else count(n, "ask_from")
        many = self._core.ask_from(rows(candidates), wanted, dict(context or {}))
        if n is None:
            return Trial(many[0]) if many else None
        return [Trial(core) for core in many]

    def tell(self, trial: Trial | int, answer: Any) -> None:
        """Records what came out: a number, a tuple, a mapping by name, or Values and the like.

        NaN and infinity are recorded as failures. Raises ToldTwiceError for a trial told before.
        """
        number = trial.number if isinstance(trial, Trial) else int(trial)
        if self._plain and isinstance(answer, (float, int)):
            self._core.tell_value(number, answer)
        else:
            self._core.tell(number, self._answer(answer))

    def _answer(self, given: Any) -> Any:
        return answer_of(given, self.objectives, self.constraints)

    def fail(self, trial: Trial | int, reason: str = "") -> None:
        """Records that the trial gave no value, and why."""
        number = trial.number if isinstance(trial, Trial) else int(trial)
        self._core.tell(number, _core.Failure(str(reason)))

    def tell_point(self, params: Mapping[str, Any], answer: Any) -> int:
        """Records a point that was never asked; outside the budget. Returns its trial number."""
        return int(self._core.tell_point(dict(params), self._answer(answer)))

    def enqueue(self, params: Mapping[str, Any]) -> None:
        """Has this point asked next; parameters left out take their default or middle."""
        self._core.enqueue(dict(params))

    def amend(self, trial: Trial | int, answer: Any) -> None:
        """Replaces a recorded answer."""
        number = trial.number if isinstance(trial, Trial) else int(trial)
        self._core.amend(number, self._answer(answer))

    def extend(self, space: Space | Mapping[str, Any]) -> None:
        """Widens the space: bounds, choices, or parameters with a ``default``."""
        self._core.extend(core_space(space))

    def stop(self, reason: str = "") -> None:
        """Ends the study: nothing more is asked."""
        self._core.stop(reason)

    def best(self) -> Trial | None:
        """Best feasible trial told; None without."""
        core = self._core.best()
        return None if core is None else Trial(core)

    def recommend(self) -> Trial | None:
        """The trial to use in the end: best posterior mean, so that noise cannot win."""
        core = self._core.recommend()
        return None if core is None else Trial(core)

    def outlook(self) -> Outlook | None:
        """What the solver expects of going on; None for solvers without a model of the values.

        A reason to stop: ``study.outlook().expected_gain < 1e-3``, or ``minimize(...,
        expected_gain=1e-3)``. It costs about as much as an ask.
        """
        numbers = self._core.outlook()
        return None if numbers is None else Outlook(*numbers)

    def pareto(self) -> list[Trial]:
        """Feasible trials that no other dominates."""
        return [Trial(core) for core in self._core.pareto()]

    def trial(self, number: int) -> Trial:
        """A trial by its number; StudyError when there is none."""
        return Trial(self._core.trial(number))

    def trials(self) -> list[Trial]:
        """All trials, in the order of their numbers."""
        return [Trial(core) for core in self._core.trials()]

    def pending(self) -> list[Trial]:
        """Trials asked and not answered."""
        return [Trial(core) for core in self._core.pending()]

    def adopt(self) -> list[Trial]:
        """Pending trials whose process is gone, to be evaluated again by this one."""
        return [Trial(core) for core in self._core.adopt()]

    def told(self) -> int:
        """Trials with an answer; failures not counted."""
        return int(self._core.told())

    def __len__(self) -> int:
        return int(self._core.size())

    @property
    def exhausted(self) -> bool:
        """Whether nothing may be asked any more."""
        return bool(self._core.exhausted())

    @property
    def seed(self) -> int:
        """Seed of the study."""
        return int(self._core.seed())

    @property
    def solver(self) -> str:
        """Name of the solver."""
        return str(self._core.solver())

    @property
    def file(self) -> str | None:
        """Path of the journal; None in memory."""
        return None if self._temporary else str(self._core.file()) or None

    def diagnostics(self) -> dict[str, Any]:
        """Counts of trials by state, fallbacks and replicates, and the solver's own line."""
        return dict(self._core.diagnostics())

    def refresh(self) -> None:
        """Takes in what other processes did."""
        self._core.refresh()

    def import_csv(self, path: str | os.PathLike[str]) -> int:
        """Tells the rows of a table with columns named as parameters and objectives."""
        return int(self._core.import_csv(os.fspath(path)))

    def copy_to(self, path: str | os.PathLike[str]) -> None:
        """Writes the whole journal into a new file."""
        self._core.copy_to(os.fspath(path))

    def minimize(self, objective: Objective, **settings: Any) -> Result:
        """Evaluates trials with ``objective(trial)`` until a limit is reached.

        Keywords: ``n_trials`` (of the study in all), ``timeout`` (seconds), ``target`` (a value),
        ``no_improvement`` (trials in a row), ``expected_gain`` (stops when the solver's model
        expects less of the next evaluation, see outlook), ``additional`` (trials on top of those
        finished),
        ``executor`` (anything with submit), ``n_parallel``, ``callbacks`` (called with study and
        trial), ``on_failure`` ("continue" or "raise"), ``verbose`` (0, 1 or 2).
        """
        if "maximize" in self.directions:
            raise StudyError(
                "minimize was called on a study whose direction is maximize; call maximize",
                "study.direction",
            )
        return self._run(objective, settings)

    def maximize(self, objective: Objective, **settings: Any) -> Result:
        """As minimize, for a study whose direction is maximize."""
        if self.directions != ["maximize"]:
            raise StudyError(
                'maximize needs a study with direction="maximize"; this one minimizes',
                "study.direction",
            )
        return self._run(objective, settings)

    def _run(self, objective: Objective, settings: dict[str, Any]) -> Result:
        if not callable(objective):
            raise OptionError(
                f"the objective is {objective!r}; give a function of a trial", "option.order"
            )
        known = Runner.settings()
        _refuse_unknown("minimize", {k: v for k, v in settings.items() if k not in known}, known)
        return Runner(self, objective, **settings).run()

    def drive(
        self,
        *,
        evaluate: Callable[[Trial], Any] | None = None,
        compare: Callable[[list[dict[str, Any]], int], Sequence[int]] | None = None,
        perturb: Callable[[Any], Any] | None = None,
        consult: Callable[[Any], Any] | None = None,
        n_trials: int | None = None,
    ) -> int:
        """Asks and tells from callbacks, for any kind of query; returns the number told."""
        callbacks = {
            "evaluate": evaluate,
            "compare": compare,
            "perturb": perturb,
            "consult": consult,
        }
        oracle = str(self._core.oracle())
        callback = callbacks[oracle]
        if callback is None:
            raise StudyError(
                f'the study asks "{oracle}" queries; give drive({oracle}=...)', "study.no-oracle"
            )
        told = 0
        while n_trials is None or told < n_trials:
            group = self.ask(1)
            if not group:
                break
            for trial in group:
                self.tell(trial, self._consulted(oracle, callback, trial))
                told += 1
        return told

    def _consulted(self, oracle: str, callback: Callable[..., Any], trial: Trial) -> Any:
        try:
            if oracle == "evaluate":
                return callback(trial)
            if oracle == "compare":
                return _core.Ranking(list(callback(*trial.query)))
            return callback(trial.query)
        except Exception as error:
            return _core.Failure(f"{type(error).__name__}: {error}")

    def to_numpy(self) -> tuple[Any, Any]:
        """Points (told x numbers, native values) and objectives (told x objectives) as arrays."""
        told = [trial for trial in self.trials() if trial.state == "told"]
        points = np.array([trial.vector() for trial in told])
        return points, np.array([trial.answer.objectives for trial in told])

    def _records(self) -> list[dict[str, Any]]:
        rows = []
        for trial in self.trials():
            row: dict[str, Any] = {"trial": trial.number, "state": trial.state}
            row["origin"] = trial.origin
            answer = trial.answer
            told = isinstance(answer, _core.Values)
            for index, name in enumerate(self.objectives):
                row[name] = answer.objectives[index] if told else None
            for index, name in enumerate(self.constraints):
                row[name] = answer.constraints[index] if told else None
            row["params"] = trial.params
            rows.append(row)
        return rows

    def to_pandas(self) -> Any:
        """One row a trial as a pandas DataFrame; parameters as columns."""
        import pandas as pd

        rows = [
            {**{k: v for k, v in r.items() if k != "params"}, **r["params"]}
            for r in self._records()
        ]
        return pd.DataFrame(rows)

    def to_json(self) -> str:
        """The trials as strict JSON."""
        return json.dumps(self._records(), allow_nan=False)

    def __reduce__(self) -> tuple[Any, ...]:
        if self.file is not None:
            return (_open_file, (os.path.abspath(self.file),))
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "study.db")
            self.copy_to(path)
            with open(path, "rb") as stream:
                return (_open_bytes, (stream.read(),))

    def __repr__(self) -> str:
        return f"Study({len(self)} trials, solver {self.solver!r}, file {self.file!r})"


def _open_file(path: str) -> Study:
    return Study(file=path)


def _open_bytes(journal: bytes) -> Study:
    """A study without a file, from the journal of another: its own file goes when it does."""
    folder = tempfile.mkdtemp(prefix="asktell-")
    path = os.path.join(folder, "study.db")
    with open(path, "wb") as stream:
        stream.write(journal)
    study = Study(file=path)
    study._temporary = True
    weakref.finalize(study, shutil.rmtree, folder, ignore_errors=True)
    return study


def _wrong_order(space: Any) -> NoReturn:
    raise OptionError(
        f"the second argument is {space!r}; call minimize(objective, space, n_trials=...)",
        "option.order",
    )


def _module_run(
    verb: str, objective: Objective, space: Any, direction: str, settings: dict[str, Any]
) -> Result:
    if callable(space) or isinstance(space, (int, float)):
        _wrong_order(space)
    ours = ("file", "seed", "solver", "options", "noise", "lease", "constraints")
    created = {name: settings.pop(name) for name in ours if name in settings}
    study = Study(space, direction=direction, **created)
    result: Result = getattr(study, verb)(objective, **settings)
    return result


def minimize(objective: Objective, space: Any, **settings: Any) -> Result:
    """Minimizes ``objective(trial)`` over a space; keywords of Study and of Study.minimize."""
    return _module_run("minimize", objective, space, "minimize", settings)


def maximize(objective: Objective, space: Any, **settings: Any) -> Result:
    """Maximizes ``objective(trial)`` over a space; keywords of Study and of Study.minimize."""
    return _module_run("maximize", objective, space, "maximize", settings)
