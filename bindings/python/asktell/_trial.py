"""One trial: a read-only mapping of parameters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt


class Trial(Mapping[str, Any]):
    """Parameters by name (``trial["x"]``, ``f(**trial)``), and a handle to the study."""

    __slots__ = ("_core", "_params")

    def __init__(self, core: Any) -> None:
        self._core = core
        self._params: dict[str, Any] | None = None

    @property
    def number(self) -> int:
        """Its number in the study, from 0."""
        return int(self._core.number)

    @property
    def params(self) -> dict[str, Any]:
        """Active parameters by name."""
        if self._params is None:
            self._params = self._core.params
        return self._params

    def __getitem__(self, name: str) -> Any:
        return self.params[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.params)

    def __len__(self) -> int:
        return len(self.params)

    def vector(self) -> npt.NDArray[np.float64]:
        """Native values as one array, in the order of the space; NaN where inactive."""
        return np.asarray(self._core.vector())

    @property
    def origin(self) -> str:
        """Where it came from: design, model, fallback, enqueued, replicate or outside."""
        return str(self._core.origin)

    @property
    def state(self) -> str:
        """pending, told, failed, lapsed or stopped."""
        return str(self._core.state)

    @property
    def value(self) -> float:
        """First objective in the user's sign; NaN while there is none."""
        return float(self._core.value)

    @property
    def answer(self) -> Any:
        """The whole answer (Values, Failure, ...); None while pending."""
        return self._core.answer

    @property
    def query(self) -> Any:
        """What is asked, where that is not a point: a Perturb, a Consult, or (points, best)."""
        return self._core.query

    @property
    def seed(self) -> int:
        """For the objective's own randomness; below 2**32."""
        return int(self._core.seed)

    @property
    def note(self) -> str:
        """The solver's word: why this point, or why a fallback."""
        return str(self._core.note)

    @property
    def notes(self) -> dict[str, Any]:
        """What add_note recorded."""
        return dict(self._core.notes)

    def report(self, step: float, value: float) -> None:
        """Records an intermediate value."""
        self._core.report(step, value)

    def should_stop(self) -> bool:
        """Whether its last report is worse than the median of others at the same step."""
        return bool(self._core.should_stop())

    def stop(self, reason: str = "") -> None:
        """Ends it early; its reports remain."""
        self._core.stop(reason)

    def add_note(self, name: str, value: Any) -> None:
        """Records a note (a number, flag or word) with the trial."""
        self._core.add_note(name, value)

    def __repr__(self) -> str:
        return f"Trial({self.number}, {self.params!r})"
