"""The solver contract, for solvers of your own.

>>> from asktell.testing import check_solver
>>> check_solver("random", ["FailuresOnly", "SameSeedSameAsks"])
"""

from __future__ import annotations

from collections.abc import Sequence

from . import _core


def checks() -> dict[str, str]:
    """The checks of the contract by name, each with what it promises."""
    return dict(_core.contract_checks())


def check_solver(name: str, only: Sequence[str] = ()) -> None:
    """Holds a registered solver to the contract that every solver of the package keeps.

    Raises AssertionError with one line for each broken promise, ValueError for an unknown check,
    SolverError for an unknown solver. ``only`` names the checks to run; all when empty.
    """
    unknown = [each for each in only if each not in checks()]
    if unknown:
        raise ValueError(f"no such check: {', '.join(unknown)}; there are {', '.join(checks())}")
    broken = _core.contract_violations(name, list(only))
    if broken:
        raise AssertionError(f'solver "{name}" breaks its contract:\n' + "\n".join(broken))
