"""Robot pushing (Wang, Gehring, Kohli, Jegelka 2018, "Batched large-scale Bayesian optimization in
high-dimensional spaces", AISTATS, and its public code; as a minimization by Eriksson et al. 2019,
TuRBO): two hands push a box and a disc over a table, each towards a goal of its own.

The value is the sum of the objects' final distances from their goals less that of the initial ones:
0 where nothing moves, and never less than ``-INITIAL_DISTANCE``, the stated optimum. That is a
bound; CMA-ES from hands behind the objects came within 2e-4 of it. The original adds noise of
deviation 0.01 to the velocities that the hands aim at (TuRBO 1e-6), the option ``noise`` here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np
from asktell._solvers import Option
from asktell._space import Real, Space

from .._problems import Array, Facts, Outcome, register_problem
from ._requirements import package

BOX2D = "box2d==2.3.10"
BOX_START, BOX_GOAL = (0.0, 2.0), (4.0, 3.5)
DISC_START, DISC_GOAL = (0.0, -2.0), (-4.0, 3.5)
INITIAL_DISTANCE = math.dist(BOX_START, BOX_GOAL) + math.dist(DISC_START, DISC_GOAL)

STEPS_A_SECOND = 100
ITERATIONS = 10  # of the engine's solvers, for velocities and for positions
COASTING_STEPS = 100  # after the last push
STEPS_A_UNIT = 10  # of the time of a push
GAIN = 30.0  # of the hands' controllers of speed, per mass

_RANGES = {
    "x": (-5, 5),
    "y": (-5, 5),
    "x_speed": (-10, 10),
    "y_speed": (-10, 10),
    "time": (2, 30),
    "angle": (0, 2 * math.pi),
}
# The order is that of the original: the turning speeds of both hands come last.
SPACE = Space(
    {f"{name}_{hand}": Real(*_RANGES[name]) for hand in (1, 2) for name in _RANGES}
    | {f"turn_{hand}": Real(-5, 5) for hand in (1, 2)}
)
VELOCITIES = (2, 3, 8, 9)  # their indices


@dataclass(frozen=True)
class Push:
    """What one hand does: where it starts, the velocity it aims at, and for how many steps."""

    position: tuple[float, float]
    angle: float
    velocity: tuple[float, float]
    turn: float
    steps: int


def pushes(x: Array) -> tuple[Push, Push]:
    """Those of a point."""
    values = [float(each) for each in x]

    def of_hand(part: list[float], turn: float) -> Push:
        at_x, at_y, x_speed, y_speed, time, angle = part
        steps = int(time * STEPS_A_UNIT)
        return Push((at_x, at_y), angle, (x_speed, y_speed), turn, steps)

    return of_hand(values[:6], values[12]), of_hand(values[6:12], values[13])


class Table:
    """A table seen from above, with a box, a disc and two hands, which rub on it."""

    def __init__(self, box2d: ModuleType, hands: tuple[Push, Push]) -> None:
        self._box2d = box2d
        self._world = box2d.b2World(gravity=(0, 0), doSleep=True)
        # What is joined to the base does not collide with it, though it lies inside.
        self._base = self._world.CreateStaticBody(
            position=(0, 0), shapes=box2d.b2PolygonShape(box=(500, 500))
        )
        box, disc = box2d.b2PolygonShape(box=(0.5, 0.5)), box2d.b2CircleShape(radius=1)
        self.box = self._body(box, BOX_START, density=0.05, friction=0.01, rubbing=5)
        self.disc = self._body(disc, DISC_START, density=0.05, friction=0.01, rubbing=5)
        self.hands = [
            self._body(
                box2d.b2PolygonShape(box=(1, 0.3)),
                hand.position,
                angle=hand.angle,
                density=0.1,
                friction=0.1,
                rubbing=2,
            )
            for hand in hands
        ]

    def _body(
        self,
        shape: Any,
        position: tuple[float, float],
        *,
        density: float,
        friction: float,
        rubbing: float,
        angle: float = 0.0,
    ) -> Any:
        """A body that the table brakes with a force of at most ``rubbing`` and a torque of 2."""
        body = self._world.CreateDynamicBody(position=position, angle=angle)
        body.CreateFixture(shape=shape, density=density, friction=friction)
        self._world.CreateFrictionJoint(bodyA=self._base, bodyB=body, maxForce=rubbing, maxTorque=2)
        return body

    def drive(self, hand: Any, push: Push) -> None:
        """Forces of one step, proportional to what the hand's velocities lack."""
        missing_turn = push.turn - hand.angularVelocity
        hand.ApplyTorque(hand.mass * missing_turn * GAIN, wake=True)
        missing = self._box2d.b2Vec2(push.velocity) - hand.linearVelocity
        hand.ApplyForce(hand.mass * missing * GAIN, hand.position, wake=True)

    def step(self) -> None:
        self._world.Step(1.0 / STEPS_A_SECOND, ITERATIONS, ITERATIONS)


def cost(box2d: ModuleType, hands: tuple[Push, Push]) -> float:
    """Minus the original's reward: how much further from the goals the objects are in the end."""
    table = Table(box2d, hands)
    for step in range(max(hand.steps for hand in hands) + COASTING_STEPS):
        for body, push in zip(table.hands, hands):
            if step < push.steps:
                table.drive(body, push)
        table.step()
    left = math.dist(table.box.position, BOX_GOAL) + math.dist(table.disc.position, DISC_GOAL)
    return left - INITIAL_DISTANCE


@register_problem(
    "control/push",
    "how much further from their goals two objects are after two hands pushed them",
    reference="Wang, Gehring, Kohli, Jegelka (2018), Batched large-scale Bayesian optimization in "
    "high-dimensional spaces, AISTATS; without noise as in Eriksson et al. 2019 (TuRBO)",
    options={"noise": Option(0.0, "deviation of the noise of the hands' velocities", 0, 1)},
)
def _make(noise: float) -> tuple[Facts, Any]:
    box2d = package("Box2D", BOX2D, 'problem "control/push"')

    def evaluate(x: Array, seed: int | None = None, draw: int = 0) -> Outcome:
        SPACE._core.params([float(each) for each in x])  # refuses what is not in the space
        moved = np.array(x, dtype=float)
        if seed is not None:
            moved[list(VELOCITIES)] += np.random.default_rng([seed, draw]).normal(0, noise, 4)
        return Outcome((cost(box2d, pushes(moved)),))

    facts = Facts(space=SPACE, optimum=-INITIAL_DISTANCE, proven=False, budget=200, noisy=noise > 0)
    return facts, evaluate
