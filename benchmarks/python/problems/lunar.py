"""Lunar lander (Eriksson et al. 2019, "Scalable global optimization via local Bayesian
optimization", TuRBO): twelve constants of gymnasium's heuristic controller of LunarLander-v3.

"lunar/mean" is minus the mean return over fixed seeds 0, 1, ... of the episodes (50 as in TuRBO).
"lunar/episode" is one random episode, and that mean without noise. gymnasium's own constants are
``HEURISTIC``; 200 is a landing that counts as solved.
"""

from __future__ import annotations

import statistics
from typing import Any

import numpy as np
from asktell._solvers import Option
from asktell._space import Real, Space

from .._problems import Array, Facts, Outcome, register_problem
from ._requirements import package

GYMNASIUM = "gymnasium[box2d]==1.4.0"
HEURISTIC = (0.5, 1.0, 0.4, 0.55, 0.5, 1.0, 0.5, 0.5, 0.0, 0.5, 0.05, 0.05)
SPACE = Space({f"w{i}": Real(0, 2) for i in range(12)})
NOTHING, LEFT, MAIN, RIGHT = 0, 1, 2, 3  # engines


def action(state: Array, w: Array) -> int:
    """Of the controller, in a state (x, y, their speeds, angle, its speed, two legs' contacts)."""
    x, y, x_speed, y_speed, angle, angle_speed, left_leg, right_leg = state
    angle_target = min(max(x * w[0] + x_speed * w[1], -w[2]), w[2])
    hover_target = w[3] * abs(x)
    turn = (angle_target - angle) * w[4] - angle_speed * w[5]
    rise = (hover_target - y) * w[6] - y_speed * w[7]
    if left_leg or right_leg:
        turn, rise = w[8], -y_speed * w[9]
    if rise > abs(turn) and rise > w[10]:
        return MAIN
    if turn < -w[11]:
        return RIGHT
    return LEFT if turn > w[11] else NOTHING


def episode(environment: Any, w: Array, seed: int) -> float:
    """The return of one landing, at most 1000 steps."""
    state, _ = environment.reset(seed=seed)
    total, over = 0.0, False
    while not over:
        state, reward, terminated, truncated, _ = environment.step(action(state, w))
        total += float(reward)
        over = terminated or truncated
    return total


def _register(name: str, summary: str, noisy: bool) -> None:
    @register_problem(
        f"lunar/{name}",
        summary,
        reference="Eriksson et al. 2019 (TuRBO); gymnasium 1.4.0, LunarLander-v3",
        options={"episodes": Option(50, "seeds that the mean is over", low=1, high=10000)},
    )
    def make(episodes: int) -> tuple[Facts, Any]:
        user = f'problem "lunar/{name}"'
        gymnasium = package("gymnasium", GYMNASIUM, user)
        for needed in ("Box2D", "pygame"):
            package(needed, GYMNASIUM, user)

        def evaluate(x: Array, seed: int | None = None, draw: int = 0) -> Outcome:
            SPACE._core.params([float(each) for each in x])  # refuses what is not in the space
            environment = gymnasium.make("LunarLander-v3")
            try:
                if seed is None:
                    returns = [episode(environment, x, each) for each in range(episodes)]
                else:
                    drawn = np.random.SeedSequence([seed, draw]).generate_state(1)[0]
                    # Apart from the seeds of the mean.
                    returns = [episode(environment, x, episodes + int(drawn) // 2)]
            finally:
                environment.close()
            return Outcome((-statistics.fmean(returns),))

        return Facts(space=SPACE, proven=False, budget=200, noisy=noisy), evaluate


_register("mean", "minus the mean return of a lunar lander over 50 landings", noisy=False)
_register("episode", "minus the return of a lunar lander in one random landing", noisy=True)
