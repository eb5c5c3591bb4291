"""Pest control (Oh et al. 2019, "Combinatorial Bayesian optimization using the graph Cartesian
product", COMBO): one of five actions at each of 25 stages, action 0 to do nothing, 1 to 4 a
pesticide that costs, loses effect with use and is cheaper in bulk.

The draws are those of NumPy's legacy generator, which are the same in every version. The best
string is nearly constant, which a method that repeats a good label would find by chance; so the
labels of each stage are shuffled (``shuffled=False`` gives the original).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from asktell._solvers import Option
from asktell._space import Categorical, Space

from .._problems import Array, Facts, Outcome, register_problem

STAGES, ACTIONS, SAMPLES = 25, 5, 100
THRESHOLD = 0.1  # share of infested plants that counts as a loss
_CONTROL = (2 / 7, 3 / 7, 3 / 7, 5 / 7)  # second parameter of the Beta of control, by pesticide
_TOLERANCE = (1 / 7, 2.5 / 7, 2 / 7, 0.5 / 7)  # how much a use adds to it
_PRICE = (1.0, 0.8, 0.7, 0.5)
_DISCOUNT = (0.2, 0.3, 0.3, 0.0)
# The best of local searches over single changes and of all strings with two pesticides, each in one
# stretch: the same for instances 0 to 5.
BEST_KNOWN = [3] * 24 + [0]


def cost(actions: Sequence[int], seed: int) -> float:
    """Of 25 actions: infested share over the threshold, and the price of what is sprayed."""

    def draws(b: float) -> Array:
        return np.random.RandomState(seed).beta(1, b, SAMPLES)

    infested, spread = draws(30), draws(17 / 3)
    control = list(_CONTROL)
    total = 0.0
    for action in actions:
        total += float(np.mean(infested > THRESHOLD))
        if action == 0:
            infested = spread * (1 - infested) + infested
            continue
        pesticide = action - 1
        infested = (1 - draws(control[pesticide])) * infested
        control[pesticide] += _TOLERANCE[pesticide] / STAGES
        bulk = list(actions).count(action) / STAGES
        total += _PRICE[pesticide] * (1 - _DISCOUNT[pesticide] * bulk)
    return total


def labels(shuffled: bool) -> list[list[int]]:
    """The action that each label of each stage stands for."""
    draw = np.random.RandomState(20260)
    plain = list(range(ACTIONS))
    return [draw.permutation(ACTIONS).tolist() if shuffled else plain for _ in range(STAGES)]


@register_problem(
    "discrete/pest-control",
    "cost of 25 stages of pest control, one of five actions at each",
    reference="Oh, Tomczak, Gavves, Welling 2019 (COMBO)",
    options={
        "instance": Option(1, "seed of the draws", low=0, high=2**31 - 1),
        "shuffled": Option(True, "labels of actions differ from stage to stage"),
    },
)
def make(instance: int, shuffled: bool) -> tuple[Facts, Any]:
    space = Space({f"x{i}": Categorical([f"a{j}" for j in range(ACTIONS)]) for i in range(STAGES)})
    actions = labels(shuffled)

    def evaluate(x: Array) -> Outcome:
        space._core.params([float(each) for each in x])  # refuses what is not in the space
        return Outcome((cost([actions[i][int(label)] for i, label in enumerate(x)], instance),))

    facts = Facts(
        space=space,
        optimum=cost(BEST_KNOWN, instance),
        proven=False,
        argmins=(tuple(float(actions[i].index(best)) for i, best in enumerate(BEST_KNOWN)),),
        budget=270,
    )
    return facts, evaluate
