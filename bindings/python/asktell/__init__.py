"""Ask-and-tell optimization of functions that can only be evaluated.

>>> import asktell
>>> result = asktell.minimize(lambda t: (t["x"] - 1) ** 2, {"x": asktell.Real(-5, 5)}, n_trials=20)
"""

from __future__ import annotations

from typing import Any

from . import acquisition
from ._core import (
    Consult,
    Consulted,
    Failure,
    Losses,
    Move,
    Perturb,
    Ranking,
    Values,
    apply,
    measure,
    set_threads,
)
from ._errors import (
    Error,
    ModelError,
    NotFittedError,
    OptionError,
    PointError,
    SolverError,
    SpaceError,
    StorageError,
    StudyError,
    ToldTwiceError,
)
from ._gaussian_process import GaussianProcess, LeaveOneOut
from ._solvers import Option, register_solver, solvers
from ._space import (
    Boolean,
    Categorical,
    Integer,
    Ordinal,
    Parameter,
    Permutation,
    Real,
    Simplex,
    Space,
    Subset,
)
from ._study import Outlook, Result, Study, maximize, minimize
from ._trial import Trial

__all__ = [
    "Boolean",
    "Categorical",
    "Consult",
    "Consulted",
    "Error",
    "Failure",
    "GaussianProcess",
    "Integer",
    "LeaveOneOut",
    "Losses",
    "ModelError",
    "Move",
    "NotFittedError",
    "Option",
    "OptionError",
    "Ordinal",
    "Parameter",
    "Permutation",
    "Perturb",
    "PointError",
    "Ranking",
    "Real",
    "Outlook",
    "Result",
    "Simplex",
    "SolverError",
    "Space",
    "SpaceError",
    "StorageError",
    "Study",
    "StudyError",
    "Subset",
    "ToldTwiceError",
    "Trial",
    "Values",
    "acquisition",
    "apply",
    "maximize",
    "measure",
    "minimize",
    "plot",
    "register_solver",
    "set_threads",
    "solvers",
]


def __getattr__(name: str) -> Any:
    if name == "plot":  # imported when used: matplotlib is optional
        import importlib

        return importlib.import_module(".plot", __name__)
    raise AttributeError(f"module 'asktell' has no attribute {name!r}")
