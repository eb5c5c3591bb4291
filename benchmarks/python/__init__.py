"""Test problems with known optima, and what is needed to compare optimizers on them.

>>> from asktell.benchmarks import problem
>>> rosenbrock = problem("bbob/f8", dimension=5, instance=1)
>>> rosenbrock([0.5, -1.5, 2, -2.5, 3]) - rosenbrock.optimum
18538.36643

``problems()`` lists them; the command ``asktell-bench`` runs, scores and reports.
"""

from __future__ import annotations

# Loaded first: the folder and the function share a name, and the name must be the function's.
from . import problems as _families  # noqa: F401
from ._problems import Outcome, Problem, from_label, problem, problems, register_problem

__all__ = ["Outcome", "Problem", "from_label", "problem", "problems", "register_problem"]
