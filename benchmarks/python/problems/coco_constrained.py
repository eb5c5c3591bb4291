"""The 54 constrained functions of COCO (Dufossé et al. 2022, "Building scalable test problems for
benchmarking constrained optimizers"), by the package coco-experiment itself.

The optimum is the value at the point that COCO built each problem around.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from asktell._solvers import Option
from asktell._space import Real, Space

from .._problems import Array, Facts, Outcome, register_problem
from ._requirements import package

COCO = "coco-experiment==2.8.2"
SUITE = "bbob-constrained"
FUNCTIONS = 54
DIMENSIONS = (2, 3, 5, 10, 20, 40)

# cocoex gives the best point only as a file in the working folder: a process and a folder of its
# own, since both are shared by all of a process's threads.
_BEST_POINT = """
import sys, cocoex
function, dimension, instance = map(int, sys.argv[1:])
suite = cocoex.Suite("bbob-constrained", f"instances: {instance}", f"dimensions: {dimension}")
problem = suite.get_problem_by_function_dimension_instance(function, dimension, instance)
problem._best_parameter("print")
"""
_BEST_FILE = "._bbob_problem_best_parameter.txt"


@cache
def best_point(function: int, dimension: int, instance: int) -> tuple[float, ...]:
    with tempfile.TemporaryDirectory(prefix="asktell-coco-") as folder:
        subprocess.run(
            [sys.executable, "-c", _BEST_POINT, str(function), str(dimension), str(instance)],
            cwd=folder,
            check=True,
            capture_output=True,
        )
        text = (Path(folder) / _BEST_FILE).read_text(encoding="ascii")
    return tuple(float(each) for each in text.split())


def _register(function: int) -> None:
    name = f"{SUITE}/f{function}"

    @register_problem(
        name,
        f"function {function} of COCO's suite {SUITE}",
        reference="Dufossé, Hansen, Brockhoff, Sampaio, Atamna, Auger 2022; coco-experiment 2.8.2",
        options={
            "dimension": Option(5, "one of 2, 3, 5, 10, 20, 40", low=2, high=40),
            "instance": Option(1, "instance", low=1, high=15),
        },
    )
    def make(dimension: int, instance: int) -> tuple[Facts, Any]:
        cocoex = package("cocoex", COCO, f'problem "{name}"')
        if dimension not in DIMENSIONS:
            raise ValueError(f'problem "{name}": dimension is {dimension}; COCO has {DIMENSIONS}')
        suite = cocoex.Suite(SUITE, f"instances: {instance}", f"dimensions: {dimension}")
        coco = suite.get_problem_by_function_dimension_instance(function, dimension, instance)

        def evaluate(x: Array, suite: Any = suite) -> Outcome:  # COCO frees problems with a suite
            if x.shape != (dimension,):
                raise ValueError(
                    f'problem "{name}": the point has shape {x.shape}; it must be ({dimension},)'
                )
            constraints = np.atleast_1d(coco.constraint(x))
            return Outcome((float(coco(x)),), tuple(float(each) for each in constraints))

        argmin = best_point(function, dimension, instance)
        facts = Facts(
            space=Space(
                {
                    f"x{i}": Real(float(low), float(high))
                    for i, (low, high) in enumerate(zip(coco.lower_bounds, coco.upper_bounds))
                }
            ),
            constraints=tuple(f"g{i + 1}" for i in range(coco.number_of_constraints)),
            optimum=evaluate(np.array(argmin)).objectives[0],
            argmins=(argmin,),
            budget=50 * dimension,
        )
        return facts, evaluate


for _function in range(1, FUNCTIONS + 1):
    _register(_function)
