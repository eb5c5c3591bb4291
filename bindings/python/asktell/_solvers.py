"""The registry of solvers, and solvers written in Python."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

from . import _core

_Class = TypeVar("_Class", bound=type)


def solvers() -> dict[str, dict[str, Any]]:
    """Every registered solver by name: summary, reference, capabilities and described options."""
    return {name: dict(_core.solver_info(name)) for name in _core.solver_names()}


def register_solver(name: str, summary: str = "") -> Callable[[_Class], _Class]:
    """Registers a class with ``ask`` and ``tell`` as a solver.

    The class is made as ``Class(space, **options)``. ``tell(params, value)`` gets each answer in
    the order of trial numbers (``value`` is minimized; None for a failure). ``ask(n, pending,
    rng)`` returns n points, as dicts of params or as unit-cube vectors; ``rng`` is a NumPy
    generator named by the study's seed and the ask, the only randomness to use. The object is made
    anew and told everything for each ask, so that a reopened study continues exactly.
    """

    def register(cls: _Class) -> _Class:
        def make(options: dict[str, Any]) -> Callable[..., list[Any]]:
            def replay(
                space: Any,
                answers: list[tuple[int, dict[str, Any], float | None]],
                pending: list[dict[str, Any]],
                count: int,
                seed: int,
                ask: int,
            ) -> list[Any]:
                solver = cls(space, **options)
                for _, params, value in answers:
                    solver.tell(params, value)
                rng = np.random.Generator(np.random.Philox(key=[seed, ask]))
                return list(solver.ask(count, pending, rng))

            return replay

        _core.register_solver(name, summary or (cls.__doc__ or "").strip().split("\n")[0], make)
        return cls

    return register
