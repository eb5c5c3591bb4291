"""Parameters and spaces, with the spellings users see."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from . import _core
from ._errors import SpaceError

_INFINITY = float("inf")


# What other packages call it, and what we do.
_PEERS = {
    "prior": "log=True",
    "log_scale": "log",
    "base": "log",
    "q": "step",
    "quantization": "step",
    "shape": "size",
    "n": "size",
    "conditions": "when",
    "condition": "when",
    "levels": "choices",
    "values": "choices",
    "categories": "choices",
    "name": "the key of the mapping",
}
_SHARED = ("log", "step", "size", "when", "role", "default", "likely")


def _number(owner: str, name: str, given: Any, whole: bool) -> Any:
    """A bound or size as float, or as int when ``whole``; SpaceError for anything else."""
    wanted = "an integer" if whole else "a number"
    if isinstance(given, (str, bytes)):
        raise SpaceError(f"{owner}: {name} is {given!r}; give {wanted}", "space.bounds")
    try:
        number = float(given)
        if not whole:
            return number
        if int(given) == number:
            return int(given)
    except (TypeError, ValueError, OverflowError):
        pass
    raise SpaceError(f"{owner}: {name} is {given!r}; give {wanted}", "space.bounds")


class Parameter:
    """Base of all kinds of parameters; made by Real, Integer, Categorical, ...

    Keywords of every kind: ``when`` (a mapping from the name of an earlier parameter to the value,
    the list of values, or the ``(low, high)`` range for which this one is active), ``role``
    ("design", "fidelity" or "context"), ``default`` (what earlier trials had when
    ``study.extend`` adds the parameter) and ``likely``, where the optimum is believed to lie: for
    numbers ``(low, high)``, an interval that holds it with a chance of two thirds; for choices a
    weight each, in their order (of flags: False, True). A wrong belief costs trials, but fades as
    they come in (Hvarfner et al. 2022, "piBO").
    """

    _kind = ""

    def __init__(self, fields: dict[str, Any], **shared: Any) -> None:
        for name in shared:
            if name not in _SHARED:
                ours = _PEERS.get(name)
                hint = f"here it is {ours}" if ours else f"it takes: {', '.join(_SHARED)}"
                raise SpaceError(f'{type(self).__name__} takes no "{name}"; {hint}', "space.option")
        self._fields = fields
        self._shared = {
            "log": shared.get("log", False),
            "step": float(shared.get("step") or 0),
            "size": int(shared.get("size") or 0),
            "when": _conditions(shared.get("when")),
            "role": shared.get("role", "design"),
            "default": shared.get("default"),
            "likely": _likely(shared.get("likely")),
        }

    def __repr__(self) -> str:
        shown = {k: v for k, v in {**self._fields, **self._shared}.items() if v}
        inside = ", ".join(f"{name}={value!r}" for name, value in shown.items() if name != "role")
        return f"{type(self).__name__}({inside})"


def _likely(given: Sequence[float] | None) -> list[float]:
    try:
        return [] if given is None else [float(each) for each in given]
    except (TypeError, ValueError):
        raise SpaceError(
            f"likely is {given!r}; give (low, high), or a weight for each choice", "space.likely"
        ) from None


def _conditions(when: Mapping[str, Any] | None) -> list[tuple[str, list[Any], float, float]]:
    if when is None:
        return []
    conditions: list[tuple[str, list[Any], float, float]] = []
    for parent, wanted in when.items():
        if isinstance(wanted, tuple):
            conditions.append((parent, [], float(wanted[0]), float(wanted[1])))
        else:
            values = list(wanted) if isinstance(wanted, list) else [wanted]
            conditions.append((parent, values, -_INFINITY, _INFINITY))
    return conditions


class _Range(Parameter):
    _whole = False

    def __init__(
        self,
        low: float,
        high: float,
        *,
        log: bool = False,
        step: float | None = None,
        size: int | None = None,
        when: Mapping[str, Any] | None = None,
        role: str = "design",
        default: Any = None,
        likely: Sequence[float] | None = None,
        **unknown: Any,
    ) -> None:
        given = {"low": low, "high": high}
        super().__init__(
            {
                name: _number(type(self).__name__, name, each, self._whole)
                for name, each in given.items()
            },
            log=log,
            step=step,
            size=size,
            when=when,
            role=role,
            default=default,
            likely=likely,
            **unknown,
        )


class Real(_Range):
    """A real number in [low, high]; ``log`` scales by the logarithm, ``size=n`` makes a vector."""

    _kind = "real"


class Integer(_Range):
    """An integer in [low, high], both included; ``log`` and ``size`` as for Real."""

    _kind = "integer"
    _whole = True


class Categorical(Parameter):
    """One of ``choices`` (words, numbers, flags), without an order."""

    _kind = "categorical"

    def __init__(self, choices: Sequence[Any], **shared: Any) -> None:
        super().__init__({"choices": list(choices)}, **shared)


class Ordinal(Parameter):
    """One of ``levels``, in their order."""

    _kind = "ordinal"

    def __init__(self, levels: Sequence[Any], **shared: Any) -> None:
        super().__init__({"choices": list(levels)}, **shared)


class Boolean(Parameter):
    """True or False."""

    _kind = "boolean"

    def __init__(self, **shared: Any) -> None:
        super().__init__({}, **shared)


class Permutation(Parameter):
    """An order of the items 0, ..., items - 1."""

    _kind = "permutation"

    def __init__(self, items: int, **shared: Any) -> None:
        super().__init__({"items": int(items)}, **shared)


class Subset(Parameter):
    """A set of between ``min_items`` and ``max_items`` of the items 0, ..., items - 1."""

    _kind = "subset"

    def __init__(
        self, items: int, min_items: int = 0, max_items: int | None = None, **shared: Any
    ) -> None:
        limit = int(items) if max_items is None else int(max_items)
        super().__init__(
            {"items": int(items), "min_items": int(min_items), "max_items": limit}, **shared
        )


class Simplex(Parameter):
    """``items`` parts that are at least 0 and sum to 1."""

    _kind = "simplex"

    def __init__(self, items: int, **shared: Any) -> None:
        super().__init__({"items": int(items)}, **shared)


def _parameter(name: str, given: Any) -> Parameter:
    if isinstance(given, Parameter):
        return given
    if isinstance(given, list):
        return Categorical(given)
    if isinstance(given, tuple):
        raise SpaceError(
            f'parameter "{name}" is the tuple {given!r}, which could mean two things; write '
            f"Real{given!r} for a range or Categorical({list(given)!r}) for choices",
            "space.tuple",
        )
    raise SpaceError(
        f'parameter "{name}" is {given!r}; give a Real, Integer, Categorical, Ordinal, Boolean, '
        "Permutation, Subset or Simplex",
        "space.parameter",
    )


class Space:
    """Parameters by name, and known constraints.

    Parameters
    ----------
    parameters : mapping of str to Parameter; a list means Categorical.
    constraints : linear forms as text (``"x + 2*y <= 3"``), or callables of the params dict that
        return a number (<= 0 is feasible) or a bool (True is feasible).
    """

    def __init__(
        self,
        parameters: Mapping[str, Any],
        constraints: Sequence[str | Callable[[dict[str, Any]], Any]] = (),
    ) -> None:
        if not isinstance(parameters, Mapping):
            raise SpaceError(
                f"the space is {parameters!r}; give a mapping from names to parameters, as in "
                '{"x": Real(0, 1)}',
                "space.parameter",
            )
        self._core = _core.Space()
        for name, given in parameters.items():
            parameter = _parameter(name, given)
            self._core.add(parameter._kind, name, parameter._fields, parameter._shared)
        for index, constraint in enumerate(constraints):
            if isinstance(constraint, str):
                self._core.add_linear(constraint)
            else:
                name = getattr(constraint, "__name__", "constraint")
                unnamed = name == "<lambda>"
                self._core.add_predicate(f"constraint {index}" if unnamed else name, constraint)

    @property
    def dimension(self) -> int:
        """Coordinates of the unit cube."""
        return int(self._core.dimension)

    @classmethod
    def _of(cls, core: Any) -> Space:
        space = cls.__new__(cls)
        space._core = core
        return space

    @classmethod
    def from_json(cls, text: str) -> Space:
        """The space that to_json wrote; callables among its constraints are known by name only."""
        return cls._of(_core.Space.from_json(text))

    def to_json(self) -> str:
        """The space as strict JSON."""
        return str(self._core.to_json())

    def to_unit(self, params: Mapping[str, Any]) -> npt.NDArray[np.float64]:
        """Coordinates of a point in the unit cube; PointError when it is not in the space."""
        return np.asarray(self._core.to_unit(dict(params)))

    def from_unit(self, unit: Sequence[float] | npt.NDArray[np.float64]) -> dict[str, Any]:
        """The point at these coordinates, clamped to the cube; only active parameters."""
        return dict(self._core.from_unit([float(each) for each in unit]))

    def satisfies(self, params: Mapping[str, Any]) -> bool:
        """Whether a point of the space meets the known constraints."""
        return bool(self._core.satisfies(dict(params)))

    def enumerate(self, limit: int) -> list[dict[str, Any]] | None:
        """All points of a finite space; None when there are more than ``limit``."""
        points = self._core.enumerate(limit)
        return None if points is None else list(points)

    def __repr__(self) -> str:
        names = ", ".join(str(p["name"]) for p in self._core.parameters())
        return f"Space({names})"


def core_space(space: Space | Mapping[str, Any] | None) -> Any:
    """The C++ space of whatever was given; None stays None."""
    if space is None:
        return None
    return (space if isinstance(space, Space) else Space(space))._core
