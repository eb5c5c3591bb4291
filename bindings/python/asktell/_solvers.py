"""The registry of solvers, and solvers written in Python."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from . import _core
from ._errors import OptionError
from ._space import Space

_Class = TypeVar("_Class", bound=type)
_CAPABILITIES = (
    "parameters",
    "conditional",
    "known_constraints",
    "noise",
    "repeats",
    "needs_finite_space",
    "max_dimension",
)


def solvers() -> dict[str, dict[str, Any]]:
    """Every registered solver by name: summary, reference, capabilities and described options."""
    return {name: dict(_core.solver_info(name)) for name in _core.solver_names()}


@dataclass(frozen=True)
class Option:
    """An option of a solver: its default (whose type it keeps), one line, and what is allowed."""

    default: bool | int | float | str
    description: str
    low: float = -math.inf
    high: float = math.inf
    choices: Sequence[str] = ()


def register_solver(
    name: str,
    summary: str = "",
    *,
    reference: str = "written in Python",
    options: Mapping[str, Option] | None = None,
    **capabilities: Any,
) -> Callable[[_Class], _Class]:
    """Registers a class with ``ask`` and ``tell`` as a solver.

    The class is made as ``Class(space, **options)``, with every declared option. ``tell(params,
    value)`` gets each answer in the order of trial numbers (``value`` is minimized; None for a
    failure). ``ask(n, pending, rng)`` returns at most n points, as dicts of params or as unit-cube
    vectors; fewer, or none, when nothing is left. ``rng`` is a NumPy generator named by the study's
    seed and the ask, the only randomness to use. The object is made anew and told everything for
    each ask, so that a reopened study continues exactly: a solver in Python suits objectives that
    take longer than that.

    ``capabilities`` say what the class can take; a study refuses the rest: ``parameters`` (kinds by
    name; all), ``conditional`` (True), ``known_constraints`` (True: the class looks at
    ``space.satisfies``), ``noise`` (True), ``repeats`` (False: evaluated points again on purpose),
    ``needs_finite_space`` (False), ``max_dimension`` (no limit).

    A solver of the same name is replaced. ``asktell.testing.check_solver`` runs the contract.
    """
    unknown = sorted(set(capabilities) - set(_CAPABILITIES))
    if unknown:
        raise OptionError(
            f"register_solver takes no {unknown[0]!r}; it takes: {', '.join(_CAPABILITIES)}",
            "option.unknown",
        )

    def register(cls: _Class) -> _Class:
        def make(given: dict[str, Any]) -> Callable[..., list[Any]]:
            def replay(
                space: Any,
                answers: list[tuple[int, dict[str, Any], float | None]],
                pending: list[dict[str, Any]],
                count: int,
                seed: int,
                ask: int,
            ) -> list[Any]:
                solver = cls(Space._of(space), **given)
                for _, params, value in answers:
                    solver.tell(params, value)
                rng = np.random.Generator(np.random.Philox(key=[seed, ask]))
                return list(solver.ask(count, pending, rng))[:count]

            return replay

        entry = {
            "name": name,
            "summary": summary or (cls.__doc__ or "").strip().split("\n")[0],
            "reference": reference,
            "options": dict(options or {}),
            "capabilities": capabilities,
        }
        _core.register_solver(entry, make)
        return cls

    return register
