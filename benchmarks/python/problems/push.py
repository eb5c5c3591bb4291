"""Robot pushing (Wang, Gehring, Kohli, Jegelka 2018, "Batched large-scale Bayesian optimization in
high-dimensional spaces", AISTATS, and its public code; as a minimization without noise in Eriksson
et al. 2019, TuRBO): two hands push a box and a disc over a table towards goals of their own.

The value is the sum of the final distances less that of the initial ones: 0 where nothing moves,
no less than ``-INITIAL_DISTANCE``. The original adds noise to the hands' speeds, of deviation 0.01
(TuRBO: 1e-6), which the option ``noise`` gives.
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
        # A fixture of its own: the bodies on it rest inside of a static body, as in the original.
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
        """A body that the table slows down with a force of at most ``rubbing`` and a torque of 2."""
        body = self._world.CreateDynamicBody(position=position, angle=angle)
        body.CreateFixture(shape=shape, density=density, friction=friction)
        self._world.CreateFrictionJoint(
            bodyA=self._base, bodyB=body, maxForce=rubbing, maxTorque=2
        )
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
