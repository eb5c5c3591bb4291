"""The exceptions of asktell; each has a stable ``id`` that also ends its message."""

from __future__ import annotations

import sys
from typing import Any


class Error(Exception):
    """Base of all exceptions of asktell."""

    def __init__(self, message: str, id: str = "error") -> None:
        super().__init__(message if "[asktell:" in message else f"{message} [asktell:{id}]")
        self.id = id


class SpaceError(Error, ValueError):
    """A parameter, constraint or space that cannot be."""


class PointError(Error, ValueError):
    """A point that does not belong to the space."""


class OptionError(Error, ValueError):
    """An option with an unknown name or a value out of range."""


class SolverError(Error, ValueError):
    """A solver that cannot take the problem, or an unknown solver."""


class StudyError(Error, RuntimeError):
    """A call that the state of the study does not allow."""


class StorageError(Error, OSError):
    """A file that cannot be read, written or understood."""


class ToldTwiceError(StudyError):
    """A trial was told for the second time; ``stored`` is the recorded answer as JSON."""

    def __init__(self, message: str, id: str = "told-twice", stored: str = "") -> None:
        super().__init__(message, id)
        self.stored = stored


class ModelError(Error, ValueError):
    """A surrogate model was asked for what it cannot give."""


class NotFittedError(ModelError, AttributeError):
    """A model that has seen no data was asked for what it has learned."""

    def __reduce__(self) -> tuple[Any, ...]:
        return (not_fitted, (str(self),))


def not_fitted(message: str) -> NotFittedError:
    """The error; also scikit-learn's of that name in programs that have imported scikit-learn."""
    theirs = sys.modules.get("sklearn.exceptions")
    kind: Any = NotFittedError
    if theirs is not None:
        kind = type("NotFittedError", (NotFittedError, theirs.NotFittedError), {})
    error: NotFittedError = kind(message, "model.not-fitted")
    return error
