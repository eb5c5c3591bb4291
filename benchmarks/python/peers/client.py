"""The runner's side of a served method: one process, hard time limits, errors with their reasons.

    with Served(catalog.find("optuna-gp").require()) as served:
        served.make(task)                    # may be called again for the next run
        served.tell(design, outcomes)        # only for methods with takes_points
        asked = served.ask(1, limit=60)      # Asked(points, ns, first)
        served.tell(asked.points, outcomes)
        served.recommend()                   # a point, or None for the best value seen

Every call may raise PeerError (the method raised: the process goes on, the run should end),
PeerCrashed (the process died) or PeerTimeout (it was killed); after the last two the next make()
starts a new process. Times are those that the process measured around the method alone.
"""

from __future__ import annotations

import collections
import contextlib
import dataclasses
import json
import os
import selectors
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from .adapter import Outcome, Point, Task
from .catalog import Method

SERVE = Path(__file__).resolve().parent / "serve.py"
# Each of these caps one of the libraries that numerical packages take their threads from.
ONE_THREAD = {
    f"{name}_NUM_THREADS": "1"
    for name in ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "VECLIB_MAXIMUM", "RAYON", "NUMBA")
} | {"XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"}
# Some peers go through sets of words, whose order would differ from process to process.
SAME_ORDER = {"PYTHONHASHSEED": "0"}
START_LIMIT = 300.0  # seconds for imports, which compile on their first day
MAKE_LIMIT = 120.0
STDERR_LINES = 12


class PeerFailure(Exception):
    """What ends a run before its budget; ``reason`` is one line for the log."""

    kind = "failed"

    def __init__(self, method: str, reason: str, details: str = "") -> None:
        super().__init__(f"{method} {reason}" + (f"\n{details}" if details else ""))
        self.reason = f"{self.kind}: {reason}"
        self.details = details


class PeerError(PeerFailure):
    """The method raised an exception; ``details`` is its trace."""

    kind = "error"


class PeerCrashed(PeerFailure):
    """The process ended; ``details`` are the last lines of its standard error."""

    kind = "crash"


class PeerTimeout(PeerFailure):
    """No answer in time; the process was killed."""

    kind = "timeout"


@dataclasses.dataclass(frozen=True)
class Asked:
    points: list[Point]
    ns: int
    first: bool  # the first ask of the process: imports and compilation are in `ns`


class Served:
    """A method in a process of its own.

    Attributes
    ----------
    version, packages, import_ns
        Of the method, known once a process was started (``start`` or ``make``).
    """

    def __init__(self, method: Method, python: str | os.PathLike[str] | None = None) -> None:
        self.method = method
        self.version = ""
        self.packages: dict[str, str] = {}
        self.import_ns = 0
        self._python = os.fspath(python or method.python)
        self._process: subprocess.Popen[bytes] | None = None
        self._errors: IO[bytes] | None = None
        self._received = b""
        self._asked = 0  # asks of this process

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self, limit: float = START_LIMIT) -> None:
        """Starts a process, unless one is alive, and waits until it has imported the method."""
        if self.alive:
            return
        self.close()
        self._errors = tempfile.TemporaryFile()
        self._received = b""
        self._asked = 0
        self._process = subprocess.Popen(
            [self._python, str(SERVE), self.method.module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env=self._variables(),
            start_new_session=True,  # so that its own children can be killed with it
        )
        answer = self._answer("start", limit)
        if "error" in answer:
            self.close()
        hello = self._checked(answer, "start")
        self.version = str(hello["version"])
        self.import_ns = int(hello["import_ns"])
        self.packages = dict(hello["packages"])

    def make(self, task: Task, limit: float = MAKE_LIMIT) -> int:
        """Begins a run; nanoseconds it took."""
        self.start()
        fields = dataclasses.asdict(task)
        request = {"do": "make", "task": fields, "variant": dict(self.method.variant)}
        return int(self._call(request, limit)["ns"])

    def ask(self, count: int = 1, limit: float = 60.0) -> Asked:
        """The next points, at least one and at most ``count``."""
        answer = self._call({"do": "ask", "count": count}, limit)
        self._asked += 1
        points = [[float(value) for value in point] for point in answer["points"]]
        if not 1 <= len(points) <= count:
            raise PeerError(self.method.name, f"gave {len(points)} points when asked for {count}")
        return Asked(points, int(answer["ns"]), first=self._asked == 1)

    def tell(
        self, points: Sequence[Sequence[float]], outcomes: Sequence[Outcome], limit: float = 60.0
    ) -> int:
        """Tells what came out; nanoseconds it took."""
        request = {
            "do": "tell",
            "points": [[float(value) for value in point] for point in points],
            "outcomes": [[list(each.objectives), list(each.constraints)] for each in outcomes],
        }
        return int(self._call(request, limit)["ns"])

    def recommend(self, limit: float = 60.0) -> Point | None:
        """A point held to be best, or None for the best value seen."""
        point = self._call({"do": "recommend"}, limit)["point"]
        return None if point is None else [float(value) for value in point]

    def close(self) -> None:
        """Ends the process."""
        if self._process is not None:
            self._kill()
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe is not None:
                    with contextlib.suppress(OSError):
                        pipe.close()
            self._process = None
        if self._errors is not None:
            self._errors.close()
            self._errors = None

    def __enter__(self) -> Served:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _variables(self) -> dict[str, str]:
        variables = {**os.environ, **ONE_THREAD, **SAME_ORDER}
        if self.method.environment:  # nothing of the runner's own packages
            variables.pop("PYTHONPATH", None)
        return variables

    def _call(self, request: dict[str, Any], limit: float) -> dict[str, Any]:
        what = str(request["do"])
        if self._process is None or self._process.stdin is None:
            raise PeerCrashed(self.method.name, f"was asked to {what}, but no process is running")
        try:
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()
        except OSError:  # it died since its last answer
            raise self._crashed(what) from None
        return self._checked(self._answer(what, limit), what)

    def _checked(self, answer: dict[str, Any], what: str) -> dict[str, Any]:
        if "error" in answer:
            reason = f"raised {answer['error']} in {what}"
            raise PeerError(self.method.name, reason, str(answer.get("trace", "")))
        return answer

    def _answer(self, what: str, limit: float) -> dict[str, Any]:
        """The next line of the process."""
        assert self._process is not None and self._process.stdout is not None
        until = time.monotonic() + limit
        with selectors.DefaultSelector() as selector:
            selector.register(self._process.stdout, selectors.EVENT_READ)
            while b"\n" not in self._received:
                left = until - time.monotonic()
                if left <= 0 or not selector.select(left):
                    details = self._last_errors()
                    self.close()
                    reason = f"gave no answer to {what} within {limit:g} s"
                    raise PeerTimeout(self.method.name, reason, details)
                read = os.read(self._process.stdout.fileno(), 1 << 16)
                if not read:
                    raise self._crashed(what)
                self._received += read
        line, self._received = self._received.split(b"\n", 1)
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _crashed(self, what: str) -> PeerCrashed:
        """Says how the process ended, and cleans up."""
        assert self._process is not None
        try:
            code = self._process.wait(5)
        except subprocess.TimeoutExpired:
            code = -signal.SIGKILL  # it closed its output and lives on; close() kills it
        how = f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
        details = self._last_errors()
        self.close()
        return PeerCrashed(self.method.name, f"ended with {how} in {what}", details)

    def _last_errors(self) -> str:
        if self._errors is None:
            return ""
        self._errors.seek(0)
        lines = collections.deque(self._decoded(self._errors), maxlen=STDERR_LINES)
        return "".join(lines).strip()

    @staticmethod
    def _decoded(stream: IO[bytes]) -> Iterator[str]:
        for line in stream:
            yield line.decode("utf-8", "replace")

    def _kill(self) -> None:
        assert self._process is not None
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
