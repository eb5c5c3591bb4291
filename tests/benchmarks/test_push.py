"""Robot pushing: the physics in closed form, and rewards of the original's code."""

from __future__ import annotations

import math

import numpy as np
import pytest
from asktell import PointError
from asktell.benchmarks import Problem, from_label, problem
from asktell.benchmarks.problems import push

FAR = [4.5, 4.5, 0, 0, 2, 0]  # a hand that is out of the way and stays


@pytest.fixture
def made() -> Problem:
    pytest.importorskip("Box2D")
    return problem("control/push")


def test_objects_begin_that_far_from_their_goals() -> None:
    assert pytest.approx(11.0727371271, abs=1e-10) == push.INITIAL_DISTANCE  # protocol, 2.4


def test_point_is_in_the_order_of_the_original() -> None:
    first, second = push.pushes(np.array([1, 2, 3, 4, 5.19, 6, -1, -2, -3, -4, 2.5, 0.5, 7, 8]))
    assert first == push.Push((1, 2), 6, (3, 4), 7, 51)
    assert second == push.Push((-1, -2), 0.5, (-3, -4), 8, 25)


def test_nothing_is_gained_where_nothing_moves(made: Problem) -> None:
    assert made([*FAR, -4.5, 4.5, 0, 0, 30, 0, 0, 0]) == pytest.approx(0, abs=1e-12)


def test_hand_is_slower_than_it_aims_at_by_what_the_table_takes(made: Problem) -> None:
    # At rest between 30 m (v - u) and a friction of 2, with m = 0.1 * (2 * 0.6).
    box2d = pytest.importorskip("Box2D")
    still = push.Push((4.5, 4.5), 0, (0, 0), 0, 20)
    mover = push.Push((-4.5, -4.5), 0, (0, -5), 0, 200)
    table = push.Table(box2d, (mover, still))
    for _ in range(mover.steps):
        table.drive(table.hands[0], mover)
        table.step()
    assert table.hands[0].linearVelocity.y == pytest.approx(-5 + 2 / (30 * 0.12), abs=1e-4)


# Rewards of the original's world and loop, without its noise, run on Box2D 2.3.10.
@pytest.mark.parametrize(
    ("x", "reward"),
    [
        ([4, 4, 0, 0, 2, 0, 0, -4, 0, 5, 10, 0, 0, 0], 1.8342147025971567),
        ([-2, 2, 8, 0, 6, 1.5707963267948966, 4.5, -4.5, 0, 0, 2, 0, 0, 0], 2.403359767854371),
        ([-2, 2, 7, 2, 6, 1.5, 1, -3.5, -4, 6, 9, 0.6, -1, 1], 5.454241593969672),
    ],
)
def test_rewards_are_those_of_the_original(made: Problem, x: list[float], reward: float) -> None:
    assert made(x) == pytest.approx(-reward, rel=1e-4)  # the engine has single precision


def test_goals_are_within_reach(made: Problem) -> None:
    # A push found by CMA-ES; rewards of chaotic contacts differ a little between machines.
    good = [-1.1129952624509194, 1.5002627221405547, 9.322215057181563, 1.3923899242474462]
    good += [5.9240361679729725, 2.0250140099873084, 0.44882901028989597, -2.7824224357935017]
    good += [-4.840520966472268, 6.665474677920674, 10.077333175897941, 3.8299506192767505]
    good += [-0.9413571179053006, 0.2764295005529558]
    assert made.optimum <= made(good) < -11
    assert not made.proven
    assert made(good) == made(good)


def test_noise_is_in_the_velocities_and_of_its_draw() -> None:
    pytest.importorskip("Box2D")
    noisy = from_label("control/push:noise=0.01")
    x = np.array([-2, 2, 7, 2, 6, 1.5, 1, -3.5, -4, 6, 9, 0.6, -1, 1])
    values = [noisy.observe(x, 1, draw).objectives[0] for draw in (1, 2, 1)]
    exact = noisy.evaluate(x).objectives[0]
    assert values[0] == values[2] != values[1]
    assert exact == problem("control/push")(x)
    assert 0 < abs(values[0] - exact) < 0.5


def test_points_outside_are_refused(made: Problem) -> None:
    with pytest.raises(PointError):
        made([*FAR, -4.5, 4.5, 0, 0, 30, 2 * math.pi + 0.1, 0, 0])
