"""The exceptions of asktell; each has a stable ``id`` that also ends its message."""

from __future__ import annotations


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
