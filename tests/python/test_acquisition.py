"""asktell.acquisition: numbers of a worked example, shapes, gradients, and what goes wrong."""

from __future__ import annotations

import doctest
from typing import Any, Callable

import asktell
import numpy as np
import pytest
from asktell import GaussianProcess, acquisition

# W1: Matern-5/2, l = .25, noise .01, mean 0, to be maximized (y is turned here). Expected numbers
# are from 40-digit arithmetic (mpmath); those of sampled quantities from quadrature.
X = np.array([[0.05], [0.30], [0.55], [0.90]])
Y = -np.array([0.20, -0.80, 0.60, 1.10])
AT = [[0.75], [0.42], [0.95]]
FIXED: dict[str, Any] = {
    "kernel": "matern52",
    "fit_hyperparameters": False,
    "lengthscale": 0.25,
    "outputscale": 1.0,
    "noise_variance": 0.01,
    "mean": 0.0,
    "bounds": [[0, 1]],
}
W1 = GaussianProcess(**FIXED).fit(X, Y)
SCALE = float(np.std(Y, ddof=1))  # of the standardized values that acquisitions work with

WIDE = np.random.default_rng(3).uniform([-5, 100], [5, 300], (25, 2))
ENSEMBLE = GaussianProcess().fit(WIDE, np.sin(WIDE[:, 0]) + WIDE[:, 1] / 100)
W2 = GaussianProcess(inference="map").fit(WIDE, np.sin(WIDE[:, 0]) + WIDE[:, 1] / 100)
POINTS = np.random.default_rng(4).uniform([-5, 100], [5, 300], (6, 2))
PENDING = POINTS[:2] + [0.5, 5.0]

Function = Callable[..., Any]
WITH_GRADIENT: dict[str, Function] = {
    "log_ei": acquisition.log_ei,
    "log_pi": acquisition.log_pi,
    "log_augmented_ei": acquisition.log_augmented_ei,
    "log_nei": acquisition.log_nei,
    "log_nei, pending": lambda m, x, **k: acquisition.log_nei(m, x, PENDING, **k),
    "log_posterior_mean_ei": lambda m, x, **k: acquisition.log_posterior_mean_ei(
        m, x, PENDING, **k
    ),
    "log_kg": lambda m, x, **k: acquisition.log_kg(m, x, WIDE[:9], pending=PENDING, **k),
    "log_integrated_kg": lambda m, x, **k: acquisition.log_integrated_kg(
        m, x, WIDE[:9], [1], [120.0, 200.0, 290.0], PENDING, **k
    ),
    "risk_bound": lambda m, x, **k: acquisition.risk_bound(
        m, x, [0], [-4.0, 0.0, 2.0, 3.0], deviations=1.0, **k
    ),
    "log_penalized_ei": lambda m, x, **k: acquisition.log_penalized_ei(m, x, PENDING, **k),
    "exploration": lambda m, x, **k: acquisition.exploration(m, x, PENDING, **k),
    "lcb": acquisition.lcb,
    "ucb": acquisition.ucb,
    "thompson": acquisition.thompson,
    "mes": acquisition.mes,
    "gibbon": lambda m, x, **k: acquisition.gibbon(m, x, PENDING, **k),
    "jes": acquisition.jes,
}


def test_scale_of_the_model() -> None:
    upper, lower = acquisition.ucb(W1, AT, 2.0), acquisition.ucb(W1, AT, 0.0)
    deviation = W1.predict(AT, return_std=True)[1]
    np.testing.assert_allclose(upper - lower, 2 * deviation / SCALE, rtol=1e-10)


def test_improvements_match_the_example() -> None:
    ei = np.exp(acquisition.log_ei(W1, AT, best=-1.1)) * SCALE
    np.testing.assert_allclose(
        ei, [0.19009373741486, 2.4203188667222e-7, 0.064080659203805], rtol=1e-9
    )
    plug_in = np.exp(acquisition.log_ei(W1, [[0.75]])) * SCALE
    np.testing.assert_allclose(plug_in, 0.19424904851617, rtol=1e-9)
    pi = np.exp(acquisition.log_pi(W1, AT, best=-1.1))
    np.testing.assert_allclose(
        pi, [0.49975324768401, 3.8545648315387e-6, 0.36160794886279], rtol=1e-9
    )
    augmented = np.exp(acquisition.log_augmented_ei(W1, [[0.75]])) * SCALE
    np.testing.assert_allclose(augmented, 0.15438152249829, rtol=1e-9)
    noisy = np.exp(acquisition.log_nei(W1, [[0.75]], samples=8192)) * SCALE
    np.testing.assert_allclose(noisy, 0.19330118182742, rtol=1e-4)
    both = np.exp(acquisition.q_log_ei(W1, [[0.75], [0.95]], best=-1.1, samples=8192)) * SCALE
    np.testing.assert_allclose(both, 0.24475166912574, rtol=5e-3)


def test_looking_ahead_matches_the_example() -> None:
    mean = np.exp(acquisition.log_posterior_mean_ei(W1, AT)) * SCALE
    np.testing.assert_allclose(
        mean, [0.18523056474211, 9.6330812713e-8, 0.047435727881108], rtol=1e-8
    )
    grid = np.linspace(0, 1, 21)[:, None]
    kg = np.exp(acquisition.log_kg(W1, AT, choices=grid)) * SCALE
    np.testing.assert_allclose(
        kg, [0.17683181614445, 0.030845694680564, 0.15245199853891], rtol=1e-9
    )
    hybrid = np.exp(acquisition.log_kg(W1, AT)) * SCALE
    np.testing.assert_allclose(hybrid, [0.17263135, 0.02788144, 0.15025457], rtol=1e-5)


def test_risk_is_that_of_the_mean_in_each_environment() -> None:
    x = POINTS[:1]
    values = [120.0, 200.0, 290.0, 250.0]
    each = [[x[0, 0], w] for w in values]
    costs = -acquisition.lcb(W2, each, deviations=1.0)
    for measure, expected in {
        "mean": costs.mean(),
        "value_at_risk": np.sort(costs)[1],
        "conditional_value_at_risk": np.sort(costs)[1:].mean(),
    }.items():
        bound = acquisition.risk_bound(W2, x, [1], values, measure, 0.5, deviations=1.0)
        np.testing.assert_allclose(bound, -expected, rtol=1e-10)


def test_one_environment_is_no_environment() -> None:
    choices = WIDE[:9].copy()
    choices[:, 1] = 200
    np.testing.assert_allclose(
        acquisition.log_integrated_kg(W2, POINTS, WIDE[:9], [1], [[200.0]]),
        acquisition.log_kg(W2, POINTS, choices=choices),
        rtol=1e-9,
    )


def test_penalized_near_pending_points_alone() -> None:
    x = np.array([[0.02], [0.75]])
    plain = acquisition.log_ei(W1, x)
    penalized = acquisition.log_penalized_ei(W1, x, [[0.75]])
    assert abs(penalized[0] - plain[0]) < 0.1
    assert penalized[1] < plain[1] - 0.5


def test_exploration_is_the_deviation_where_something_may_be() -> None:
    variance = W1.predict(AT, return_std=True)[1] ** 2 + 0.01  # of an observation
    deviation = np.sqrt(variance) / SCALE
    np.testing.assert_allclose(acquisition.exploration(W1, AT, penalty=0.0), deviation, rtol=1e-9)
    assert np.all(acquisition.exploration(W1, AT) <= deviation + 1e-12)
    assert acquisition.exploration(W1, [[0.5]], pending=[[0.5]], penalty=0.0) < deviation.max()


def test_weights_of_beliefs_and_costs() -> None:
    logs = acquisition.log_ei(W1, AT)
    guided = acquisition.prior_guided(logs, [0.0, 1.0, 2.0], decay=4.0, iteration=2)
    np.testing.assert_allclose(guided - logs, 2 * np.log([1e-12, 1, 2]), atol=1e-9)
    cost = GaussianProcess(**FIXED).fit(X, np.log(1 + X[:, 0]))
    mean, deviation = cost.predict(AT, return_std=True)
    cheaper = acquisition.per_cost(logs, cost, AT, exponent=0.5)
    np.testing.assert_allclose(logs - cheaper, 0.5 * (mean + deviation**2 / 2), rtol=1e-12)


def test_bounds_for_both_directions() -> None:
    mean, deviation = W1.predict(AT, return_std=True)
    np.testing.assert_allclose(
        np.diff(acquisition.lcb(W1, AT)) * SCALE, np.diff(1.8 * deviation - mean), rtol=1e-9
    )
    np.testing.assert_allclose(
        np.diff(acquisition.ucb(W1, AT)) * SCALE, np.diff(mean + 1.8 * deviation), rtol=1e-9
    )


@pytest.mark.parametrize("name", WITH_GRADIENT)
def test_gradients_match_differences_in_units_of_the_inputs(name: str) -> None:
    function = WITH_GRADIENT[name]
    values, slopes = function(ENSEMBLE, POINTS, gradient=True)
    assert values.shape == (6,)
    assert slopes.shape == (6, 2)
    np.testing.assert_allclose(function(ENSEMBLE, POINTS), values, rtol=1e-12)
    for i, step in enumerate([1e-4, 2e-3]):
        move = np.eye(2)[i] * step
        expected = (function(ENSEMBLE, POINTS + move) - function(ENSEMBLE, POINTS - move)) / (
            2 * step
        )
        np.testing.assert_allclose(
            slopes[:, i], expected, rtol=1e-3, atol=1e-5 * np.abs(slopes[:, i]).max()
        )


@pytest.mark.parametrize("name", WITH_GRADIENT)
def test_the_seed_decides_alone(name: str) -> None:
    function = WITH_GRADIENT[name]
    first = function(ENSEMBLE, POINTS)
    assert np.array_equal(first, function(ENSEMBLE, POINTS))
    np.testing.assert_allclose(first[2:4], function(ENSEMBLE, POINTS[2:4]), rtol=1e-9)


def test_paths_of_other_seeds_differ() -> None:
    one, other = (acquisition.thompson(ENSEMBLE, POINTS, seed=seed) for seed in (0, 1))
    assert not np.allclose(one, other)


def test_pending_points_lower_what_is_left_to_learn() -> None:
    beside = np.asarray(PENDING) + [0.01, 0.1]
    for function in (acquisition.log_nei, acquisition.gibbon, acquisition.log_kg):
        assert np.all(function(ENSEMBLE, beside, pending=PENDING) < function(ENSEMBLE, beside))


def test_an_approximation_says_how_to_get_an_exact_model() -> None:
    rng = np.random.default_rng(0)
    x = rng.uniform(size=(60, 1))
    rough = GaussianProcess(exact_limit=40, **FIXED).fit(x, np.sin(6 * x[:, 0]))
    assert np.isfinite(acquisition.log_ei(rough, [[0.5]])).all()
    assert np.isfinite(acquisition.lcb(rough, [[0.5]])).all()
    with pytest.raises(asktell.ModelError, match="raise exact_limit to 60"):
        acquisition.log_nei(rough, [[0.5]])


def test_categories() -> None:
    rng = np.random.default_rng(0)
    x = np.column_stack([rng.uniform(size=20), rng.integers(0, 4, 20)])
    mixed = GaussianProcess(categorical=[1]).fit(x, x[:, 0] + (x[:, 1] == 2))
    at = [[0.2, 2.0], [0.2, 3.0]]
    assert np.isfinite(acquisition.mes(mixed, at)).all()
    assert np.isfinite(acquisition.log_kg(mixed, at, choices=x)).all()
    with pytest.raises(asktell.OptionError, match="use mes or gibbon"):
        acquisition.jes(mixed, at)
    with pytest.raises(asktell.OptionError, match="give choices"):
        acquisition.log_kg(mixed, at)


def test_wrong_arguments_are_named() -> None:
    with pytest.raises(asktell.NotFittedError):
        acquisition.log_ei(GaussianProcess(), [[0.5]])
    with pytest.raises(asktell.PointError, match="features"):
        acquisition.log_ei(W1, [[0.5, 0.5]])
    with pytest.raises(asktell.OptionError, match="best is nan"):
        acquisition.log_ei(W1, [[0.5]], best=float("nan"))
    with pytest.raises(asktell.OptionError, match="samples is 0"):
        acquisition.mes(W1, [[0.5]], samples=0)
    with pytest.raises(asktell.OptionError, match="model is a str"):
        acquisition.mes("W1", [[0.5]])  # type: ignore[arg-type]
    with pytest.raises(asktell.OptionError, match="given choices only"):
        acquisition.log_kg(W1, [[0.5]], gradient=True)
    with pytest.raises(asktell.OptionError, match=r"environment is \[2\]; .* from 0 to 1"):
        acquisition.risk_bound(W2, POINTS, [2], [0.5])
    with pytest.raises(asktell.OptionError, match=r"shape \(1, 2\)"):
        acquisition.risk_bound(W2, POINTS, [0], [[0.5, 0.5]])
    with pytest.raises(asktell.OptionError, match="measure is 'worst'"):
        acquisition.risk_bound(W2, POINTS, [0], [0.5], "worst")
    with pytest.raises(asktell.OptionError, match=r"level is 1\.0"):
        acquisition.risk_bound(W2, POINTS, [0], [0.5], level=1.0)
    with pytest.raises(asktell.OptionError, match="prior has to be"):
        acquisition.prior_guided([0.0], [0.0], 1.0)
    tasks = GaussianProcess(tasks=2).fit([[0.1, 0], [0.4, 1], [0.8, 0], [0.9, 1]], [1, 2, 3, 4])
    with pytest.raises(asktell.ModelError, match="one task"):
        acquisition.log_ei(tasks, [[0.5, 0]])


def test_examples_of_the_documentation() -> None:
    results = doctest.testmod(acquisition)
    assert results.attempted > 0
    assert results.failed == 0
