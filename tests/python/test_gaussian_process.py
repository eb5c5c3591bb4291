"""GaussianProcess from Python: scikit-learn's conventions, its numbers, and what goes wrong."""

from __future__ import annotations

import copy
import doctest
import inspect
import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import asktell
import asktell._gaussian_process
import numpy as np
import pandas as pd
import pytest
import sklearn.exceptions
import sklearn.gaussian_process as theirs
from asktell import GaussianProcess, _core
from sklearn.base import clone, is_regressor
from sklearn.gaussian_process import kernels
from sklearn.metrics import r2_score
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import check_estimator

RNG = np.random.default_rng(5)
X = RNG.uniform([-2, 10, 0], [3, 40, 1], (24, 3))
Y = np.sin(X[:, 0]) + 0.02 * X[:, 1] ** 1.2 + X[:, 2] ** 2
POINTS = RNG.uniform([-2, 10, 0], [3, 40, 1], (7, 3))
# Hyper-parameters in the data's own units; with them a model is the one of scikit-learn.
LENGTHSCALE = [1.3, 17.0, 0.8]
FIXED: dict[str, Any] = {
    "fit_hyperparameters": False,
    "lengthscale": LENGTHSCALE,
    "outputscale": 1.7,
    "noise_variance": 0.02,
    "mean": 0.0,
}
# Not for us, and why.
NOT_APPLICABLE = {
    "check_dtype_object": "wants a TypeError for an object in X; ours is a ValueError",
    "check_supervised_y_2d": "wants a warning for a y of one column; it is taken as it is meant",
}


def fixed(**changes: Any) -> GaussianProcess:
    return GaussianProcess(**{**FIXED, **changes})


# What scikit-learn asks of an estimator


@pytest.mark.filterwarnings("ignore:Estimator GaussianProcess does not inherit")
def test_estimator_checks_of_scikit_learn_pass() -> None:
    check_estimator(
        GaussianProcess(kernel="rbf"), expected_failed_checks=NOT_APPLICABLE, on_skip=None
    )


def test_parameters_are_kept_as_they_were_given() -> None:
    lengthscale = [1.0, 2.0]
    gp = GaussianProcess(lengthscale=lengthscale, kernel="nonsense")
    assert gp.get_params()["lengthscale"] is lengthscale
    assert gp.get_params().keys() == inspect.signature(GaussianProcess).parameters.keys()
    assert gp.set_params(kernel="rbf") is gp and gp.kernel == "rbf"
    with pytest.raises(ValueError, match="no parameter 'lenghtscale'; it has: kernel, prior"):
        gp.set_params(lenghtscale=1)
    assert clone(gp).get_params() == gp.get_params()
    assert repr(gp) == "GaussianProcess(kernel='rbf', lengthscale=[1.0, 2.0])"
    with pytest.raises(TypeError):
        GaussianProcess("rbf")  # type: ignore[misc]


def test_tools_of_scikit_learn_take_it() -> None:
    assert is_regressor(GaussianProcess())
    gp = GaussianProcess(kernel="matern52", noise="deterministic")
    assert cross_val_score(gp, X, Y, cv=4).mean() > 0.9
    pipeline = make_pipeline(StandardScaler(), gp).fit(X, Y)
    mean, deviation = pipeline.predict(POINTS, return_std=True)
    np.testing.assert_allclose(mean, clone(gp).fit(X, Y).predict(POINTS), rtol=1e-4)
    assert pipeline.score(X, Y) > 0.99
    assert not hasattr(gp, "transform")  # else a pipeline takes it for a transformer
    search = GridSearchCV(gp, {"kernel": ["linear", "rbf"]}, cv=3).fit(X, Y)
    assert search.best_params_ == {"kernel": "rbf"}


def test_fit_forgets_what_was_before() -> None:
    gp = GaussianProcess().fit(X[:10], -Y[:10])
    again = gp.fit(X, Y)
    assert again is gp
    np.testing.assert_array_equal(gp.predict(POINTS), clone(gp).fit(X, Y).predict(POINTS))


def test_not_fitted_is_said() -> None:
    gp = GaussianProcess()
    for use in (lambda: gp.predict(POINTS), lambda: gp.loo(), lambda: gp.remove(0)):
        for kind in (asktell.NotFittedError, ValueError, sklearn.exceptions.NotFittedError):
            with pytest.raises(kind, match="call fit"):
                use()
    assert not hasattr(gp, "lengthscale_")
    with pytest.raises(asktell.NotFittedError) as error:
        gp.diagnostics()
    assert isinstance(pickle.loads(pickle.dumps(error.value)), asktell.NotFittedError)
    assert error.value.id == "model.not-fitted"


def test_attributes_after_fit() -> None:
    gp = fixed().fit(X, Y)
    np.testing.assert_allclose(gp.lengthscale_, LENGTHSCALE, rtol=1e-12)
    np.testing.assert_allclose(
        [gp.outputscale_, gp.noise_variance_, gp.mean_], [1.7, 0.02, 0], rtol=1e-12, atol=1e-12
    )
    assert gp.n_features_in_ == 3
    (member,) = gp.members_
    assert len(member["names"]) == len(gp.theta_) == 5
    np.testing.assert_allclose(
        sorted(np.exp(gp.theta_)), sorted([*LENGTHSCALE, 1.7, 0.02]), rtol=1e-12
    )
    np.testing.assert_allclose(member["log_likelihood"], gp.log_marginal_likelihood())
    assert not hasattr(gp, "feature_names_in_")


def test_data_frames_give_names() -> None:
    frame = pd.DataFrame(X, columns=["angle", "heat", "share"])
    gp = GaussianProcess().fit(frame, pd.Series(Y))
    assert list(gp.feature_names_in_) == ["angle", "heat", "share"]
    np.testing.assert_array_equal(gp.predict(frame), clone(gp).fit(X, Y).predict(X))
    with pytest.raises(asktell.PointError, match="feature names should match"):
        gp.predict(frame[["heat", "angle", "share"]])
    with pytest.warns(UserWarning, match="valid feature names"):
        gp.predict(X)


def test_lists_columns_and_noise_as_one_number_are_taken() -> None:
    rows = fixed().fit(X.tolist(), Y.tolist(), noise_variance=0.1)
    column = fixed().fit(np.asfortranarray(X), Y[:, None], noise_variance=np.full(len(Y), 0.1))
    np.testing.assert_array_equal(rows.predict(POINTS), column.predict(POINTS))


def reference(kernel: Any, **options: Any) -> theirs.GaussianProcessRegressor:
    return theirs.GaussianProcessRegressor(kernel, optimizer=None, **options).fit(X, Y)


SAME_MODELS = [
    ("rbf", kernels.RBF(LENGTHSCALE)),
    ("matern12", kernels.Matern(LENGTHSCALE, nu=0.5)),
    ("matern32", kernels.Matern(LENGTHSCALE, nu=1.5)),
    ("matern52", kernels.Matern(LENGTHSCALE, nu=2.5)),
]


@pytest.mark.parametrize(("name", "kernel"), SAME_MODELS)
def test_numbers_of_scikit_learn(name: str, kernel: Any) -> None:
    gp = fixed(kernel=name).fit(X, Y)
    their = reference(1.7 * kernel, alpha=0.02)
    mean, deviation = gp.predict(POINTS, return_std=True)
    _, covariance = gp.predict(POINTS, return_cov=True)
    np.testing.assert_allclose(mean, their.predict(POINTS), rtol=1e-8)
    np.testing.assert_allclose(deviation, their.predict(POINTS, return_std=True)[1], rtol=1e-8)
    np.testing.assert_allclose(covariance, their.predict(POINTS, return_cov=True)[1], atol=1e-10)
    np.testing.assert_allclose(gp.predict_noise(POINTS), 0.02, rtol=1e-12)
    assert gp.score(POINTS, mean + 0.1 * deviation) == pytest.approx(
        r2_score(mean + 0.1 * deviation, mean)
    )


@pytest.mark.parametrize(("name", "kernel"), SAME_MODELS)
def test_likelihood_and_gradient_of_scikit_learn(name: str, kernel: Any) -> None:
    gp = fixed(kernel=name).fit(X, Y)
    their = reference(1.7 * kernel + kernels.WhiteKernel(0.02), alpha=0)
    # Both hold logarithms, each in its own order: ours is found by the fixed numbers.
    place = [int(np.argmin(np.abs(gp.theta_ - at))) for at in their.kernel_.theta]
    assert sorted(place) == list(range(5))
    for shift in (0.0, 0.3):
        value, gradient = gp.log_marginal_likelihood(gp.theta_ + shift, gradient=True)
        expected, slopes = their.log_marginal_likelihood(their.kernel_.theta + shift, True)
        assert value == pytest.approx(expected, rel=1e-8)
        np.testing.assert_allclose(gradient[place], slopes, rtol=1e-8, atol=1e-8)
    assert gp.log_marginal_likelihood() == pytest.approx(
        their.log_marginal_likelihood(their.kernel_.theta), rel=1e-8
    )


def test_rational_quadratic_of_scikit_learn() -> None:
    # Theirs has one length-scale for all inputs, so one input is taken.
    x, at = X[:, :1], POINTS[:, :1]
    gp = fixed(kernel="rational_quadratic", lengthscale=0.9).fit(x, Y)
    known = np.log([0.9, 1.7, 0.02])
    (shape,) = [t for t in gp.theta_ if np.min(np.abs(known - t)) > 1e-9]
    kernel = 1.7 * kernels.RationalQuadratic(0.9, float(np.exp(shape)))
    their = theirs.GaussianProcessRegressor(kernel, alpha=0.02, optimizer=None).fit(x, Y)
    mean, deviation = gp.predict(at, return_std=True)
    np.testing.assert_allclose(mean, their.predict(at), rtol=1e-8)
    np.testing.assert_allclose(deviation, their.predict(at, return_std=True)[1], rtol=1e-8)
    assert gp.log_marginal_likelihood() == pytest.approx(
        their.log_marginal_likelihood_value_, rel=1e-8
    )


@pytest.mark.parametrize("gp", [fixed(), GaussianProcess(), GaussianProcess(kernel="rbf")])
def test_gradients_are_those_of_predictions(gp: GaussianProcess) -> None:
    gp.fit(X, np.exp(Y))  # skewed, so that a transform is worth it
    mean, deviation = gp.predict_gradient(POINTS)
    assert mean.shape == deviation.shape == POINTS.shape
    for i, step in enumerate(1e-5 * np.array([5, 30, 1])):
        move = np.eye(3)[i] * step
        above, below = (gp.predict(POINTS + s * move, return_std=True) for s in (1, -1))
        np.testing.assert_allclose(mean[:, i], (above[0] - below[0]) / (2 * step), rtol=2e-5)
        np.testing.assert_allclose(
            deviation[:, i], (above[1] - below[1]) / (2 * step), rtol=2e-4, atol=1e-7
        )


@pytest.mark.parametrize("gp", [fixed(), GaussianProcess(noise="deterministic")])
def test_samples_have_the_posteriors_moments(gp: GaussianProcess) -> None:
    mean, covariance = gp.fit(X, Y).predict(POINTS, return_cov=True)
    samples = gp.sample_y(POINTS, 4000, random_state=1)
    assert samples.shape == (len(POINTS), 4000)
    error = np.sqrt(np.diag(covariance) / 4000)
    assert (np.abs(samples.mean(axis=1) - mean) < 5 * error + 1e-3 * np.std(Y)).all()
    scale = np.sqrt(np.outer(np.diag(covariance), np.diag(covariance)))
    assert (np.abs(np.cov(samples) - covariance) < 0.15 * scale + 1e-5).all()
    same = gp.sample_y(POINTS, 3, random_state=1)
    np.testing.assert_array_equal(same, gp.sample_y(POINTS, 3, random_state=1))
    assert not np.array_equal(same, gp.sample_y(POINTS, 3, random_state=2))
    for state in (None, np.random.default_rng(0), np.random.RandomState(0)):
        assert gp.sample_y(POINTS, random_state=state).shape == (len(POINTS), 1)


def test_leave_one_out_is_a_fit_without_the_observation() -> None:
    loo = fixed().fit(X, Y).loo()
    assert loo.index.tolist() == list(range(len(Y)))
    for i in (0, 10, 22):
        others = fixed().fit(np.delete(X, i, axis=0), np.delete(Y, i))
        mean, deviation = others.predict(X[[i]], return_std=True)
        wide = np.hypot(deviation[0], np.sqrt(0.02))
        assert loo.mean[i] == pytest.approx(mean[0], rel=1e-8)
        assert loo.deviation[i] == pytest.approx(wide, rel=1e-8)
        assert loo.z[i] == pytest.approx((Y[i] - mean[0]) / wide, rel=1e-7)
        density = -0.5 * loo.z[i] ** 2 - np.log(wide * np.sqrt(2 * np.pi))
        assert loo.log_density[i] == pytest.approx(density, rel=1e-7)


# Data that come one by one


def test_append_and_remove_are_the_fit_of_the_same_data() -> None:
    gp = fixed().fit(X[:20], Y[:20])
    assert gp.append(X[20:], Y[20:]) is gp
    whole = fixed().fit(X, Y)
    assert gp.lengthscale_.tolist() == pytest.approx(whole.lengthscale_.tolist(), rel=1e-9)
    np.testing.assert_allclose(gp.predict(POINTS), whole.predict(POINTS), rtol=1e-7)
    gp.remove(3)
    rest = fixed().fit(np.delete(X, 3, axis=0), np.delete(Y, 3))
    np.testing.assert_allclose(gp.predict(POINTS), rest.predict(POINTS), rtol=1e-7)
    np.testing.assert_array_equal(gp.X_train_, rest.X_train_)
    np.testing.assert_array_equal(gp.y_train_, rest.y_train_)
    for index in (23, -1, "a"):
        with pytest.raises(asktell.PointError, match="there are 0 to 22"):
            gp.remove(index)  # type: ignore[arg-type]


def test_update_fits_again_while_data_are_few() -> None:
    gp = GaussianProcess().fit(X[:12], Y[:12])
    before = gp.theta_
    assert gp.update(X[12:], Y[12:]) is True
    assert not np.array_equal(before, gp.theta_)
    assert gp.diagnostics()["observations"] == 24
    assert GaussianProcess().fit(X[:12], Y[:12]).append(X[12:], Y[12:]).theta_.shape == before.shape


def test_failed_evaluations_count_as_the_largest_value() -> None:
    y, filled = Y.copy(), Y.copy()
    y[[2, 5]] = np.nan, np.inf
    filled[[2, 5]] = np.delete(Y, [2, 5]).max()
    gp = fixed().fit(X, y)
    np.testing.assert_allclose(
        gp.predict(POINTS), fixed().fit(X, filled).predict(POINTS), rtol=1e-9
    )
    assert gp.diagnostics()["failed"] == 2
    assert gp.loo().index.tolist() == [i for i in range(len(Y)) if i not in (2, 5)]
    assert gp.score(X, y) == pytest.approx(gp.score(X[np.isfinite(y)], y[np.isfinite(y)]))


# The same numbers again


def test_pickles_predict_the_same() -> None:
    gp = GaussianProcess(prior="hvarfner").fit(X[:15], Y[:15])
    gp.update(X[15:20], Y[15:20])
    gp.append(X[20:], Y[20:])
    gp.remove(1)
    gp.set_params(prior="none")  # not of the fitted model
    for again in (pickle.loads(pickle.dumps(gp)), copy.deepcopy(gp)):
        assert again.get_params() == gp.get_params()
        np.testing.assert_array_equal(again.theta_, gp.theta_)
        for mine, its in zip(
            gp.predict(POINTS, return_std=True), again.predict(POINTS, return_std=True)
        ):
            np.testing.assert_array_equal(mine, its)
    unfitted = pickle.loads(pickle.dumps(GaussianProcess(kernel="rbf")))
    assert unfitted.kernel == "rbf" and not unfitted.__sklearn_is_fitted__()


def test_results_do_not_depend_on_threads() -> None:
    def predictions() -> Any:
        gp = GaussianProcess(seed=3).fit(X, Y)
        return np.concatenate([*gp.predict(POINTS, return_std=True), gp.sample_y(POINTS)[:, 0]])

    alone = predictions()
    np.testing.assert_array_equal(alone, predictions())
    asktell.set_threads(1)
    try:
        np.testing.assert_array_equal(alone, predictions())
    finally:
        asktell.set_threads(0)
    with ThreadPoolExecutor(4) as pool:
        for each in pool.map(lambda _: predictions(), range(8)):
            np.testing.assert_array_equal(alone, each)


def test_predictions_while_the_model_changes() -> None:
    gp = fixed().fit(X[:10], Y[:10])
    with ThreadPoolExecutor(4) as pool:
        readers = [pool.submit(lambda: gp.predict(POINTS)) for _ in range(200)]
        for i in range(10, len(X)):
            gp.append(X[[i]], Y[[i]])
        for reader in readers:
            assert np.isfinite(reader.result()).all()
    np.testing.assert_allclose(gp.predict(POINTS), fixed().fit(X, Y).predict(POINTS), rtol=1e-7)


def test_predictions_go_on_beyond_the_box_of_the_data() -> None:
    for warp in ("kumaraswamy", "none", "auto"):
        gp = GaussianProcess(input_warp=warp, noise="deterministic").fit(X, Y)
        edge = X.max(axis=0)
        far = edge + np.outer([0, 1e-6, 0.1, 1, 100], np.ptp(X, axis=0))
        mean, deviation = gp.predict(far, return_std=True)
        assert np.isfinite(mean).all() and (deviation[1:] > 0).all()
        assert mean[1] == pytest.approx(mean[0], abs=1e-3)
        assert deviation[-1] > deviation[0]
        assert np.isfinite(gp.sample_y(far)).all()


@pytest.mark.parametrize("inference", ["map", "ensemble", "map_saas", "saas", "nuts", "slice"])
def test_every_inference_predicts_and_says_what_it_is(inference: str) -> None:
    gp = GaussianProcess(inference=inference, noise="deterministic").fit(X, Y)
    diagnostics = gp.diagnostics()
    assert diagnostics["inference"] == inference or diagnostics["fallbacks"]
    assert len(gp.members_) == diagnostics["members"]
    assert gp.score(X, Y) > 0.95
    assert len(gp.lengthscale_) == 3


def test_corrupted_values_are_named() -> None:
    y = Y.copy()
    y[7] += 12
    gp = GaussianProcess(noise="robust", output_transform="standardize").fit(X, y)
    assert [suspect["index"] for suspect in gp.diagnostics()["suspects"]] == [7]


def test_beyond_the_exact_limit_there_is_an_approximation() -> None:
    x = np.linspace(0, 20, 150)[:, None]
    gp = GaussianProcess(exact_limit=60).fit(x, np.sin(x[:, 0]))
    assert gp.diagnostics()["model"] != "exact" and gp.diagnostics()["reason"]
    mean, deviation = gp.predict([[3.3], [11.1]], return_std=True)
    np.testing.assert_allclose(mean, np.sin([3.3, 11.1]), atol=0.05)
    again = pickle.loads(pickle.dumps(gp))
    np.testing.assert_array_equal(again.predict(x), gp.predict(x))


def test_related_functions_share_what_they_know() -> None:
    x = np.linspace(0, 6, 12)
    first = np.column_stack([x, np.zeros(12)])
    second = np.column_stack([x[[0, 4, 11]], np.ones(3)])
    y = np.concatenate([np.sin(x), np.sin(x[[0, 4, 11]]) + 0.1])
    gp = GaussianProcess(tasks=2, noise="deterministic").fit(np.vstack([first, second]), y)
    at = np.array([[1.5, 1], [4.5, 1]])
    np.testing.assert_allclose(gp.predict(at), np.sin(at[:, 0]) + 0.1, atol=0.3)


# What goes wrong first

EMPTY: Any = np.empty((0, 3))
HOLE = np.where(np.arange(72).reshape(24, 3) == 4, np.nan, X)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: fixed().fit(X[0], Y), r"X.reshape\(-1, 1\)"),
        (lambda: fixed().fit(X, Y[:5]), r"y has shape \(5,\) for 24 rows"),
        (lambda: fixed().fit(X, None), "target y is None"),
        (lambda: fixed().fit(EMPTY, []), "minimum of 1"),
        (lambda: fixed().fit(HOLE, Y), r"X\[1, 1\] is nan"),
        (lambda: fixed().fit([["a", "b"]], [1]), "not an array of numbers.*codes"),
        (lambda: fixed().fit(X, ["a"] * 24), "y is not an array of numbers"),
        (lambda: fixed().fit(X + 1j, Y), "Complex"),
        (lambda: fixed().fit(X, Y, noise_variance=-1), r"holds -1.0; variances are >= 0"),
        (lambda: fixed().fit(X, Y, noise_variance=Y[:3]), r"noise_variance has shape \(3,\)"),
        (lambda: fixed(noise="given").fit(X, Y), "given"),
        (lambda: fixed().fit(X, Y).predict(X[:, :2]), "2 features.*3 features"),
        (lambda: fixed().fit(X, Y).predict(HOLE), "is nan"),
        (lambda: fixed().fit(X, Y).append(X[:, :2], Y), "2 features.*3 features"),
        (lambda: fixed().fit(X, Y).predict(X, True, True), "not both"),
        (lambda: fixed().fit(X, Y).sample_y(X, -1), "n_samples is -1"),
        (lambda: fixed().fit(X, Y).log_marginal_likelihood([0.0]), "theta"),
        (lambda: fixed(kernel="matern").fit(X, Y), "matern.*matern52, matern32"),
        (lambda: fixed(prior="botroch").fit(X, Y), "botroch.*botorch, botorch_legacy"),
        (lambda: fixed(output_transform="exp").fit(X, Y), "exp.*auto, .*standardize"),
        (lambda: fixed(noise="none").fit(X, Y), "none.*inferred"),
        (lambda: fixed(inference="mcmc").fit(X, Y), "mcmc.*nuts"),
        (lambda: fixed(lengthscale=[1.0, 2.0]).fit(X, Y), "lengthscale.*2.*3"),
        (lambda: fixed(lengthscale=-1.0).fit(X, Y), "lengthscale"),
        (lambda: fixed(lengthscale="long").fit(X, Y), "lengthscale is 'long'"),
        (lambda: fixed(outputscale=-1.0).fit(X, Y), "outputscale"),
        (lambda: fixed(noise_variance=-1.0).fit(X, Y), "noise_variance"),
        (lambda: fixed(bounds=[0, 1]).fit(X, Y), "bounds"),
        (lambda: fixed(bounds=[(0, 1)]).fit(X, Y), "bounds"),
        (lambda: fixed(bounds=[(1, 0)] * 3).fit(X, Y), "bounds"),
        (lambda: fixed(seed=-1).fit(X, Y), "seed is -1"),
        (lambda: fixed(seed=0.5).fit(X, Y), "seed is 0.5"),
        (lambda: fixed(exact_limit=0).fit(X, Y), "exact_limit"),
        (lambda: GaussianProcess(categorical=[7]).fit(X, Y), "categorical"),
        (lambda: GaussianProcess(categorical=["a"]).fit(X, Y), "categorical is 'a'"),
        (lambda: GaussianProcess(tasks=2).fit(X, Y), "task"),
    ],
)
def test_bad_input_names_the_way_out(call: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words) as error:
        call()
    assert isinstance(error.value, asktell.Error)


@pytest.mark.parametrize("y", [[np.nan] * 4, [2.0, np.nan, np.nan, np.nan], [3.0] * 4, [1e200] * 4])
def test_few_or_equal_values_make_a_model_or_an_error_that_says_so(y: list[float]) -> None:
    x = [[0.0], [1.0], [2.0], [3.0]]
    if not np.isfinite(y).any():
        with pytest.raises(asktell.PointError, match="fail"):
            GaussianProcess().fit(x, y)
        return
    mean, deviation = GaussianProcess().fit(x, y).predict([[0.5], [9.0]], return_std=True)
    assert np.isfinite(mean).all() and (deviation > 0).all()
    np.testing.assert_allclose(mean, y[0], rtol=1e-6)


def test_an_error_leaves_the_model_as_it_was() -> None:
    gp = fixed().fit(X, Y)
    before = gp.predict(POINTS)
    with pytest.raises(asktell.PointError):
        gp.append(HOLE, Y)
    with pytest.raises(asktell.OptionError):
        gp.set_params(kernel="nonsense").fit(X, Y)
    np.testing.assert_array_equal(gp.predict(POINTS), before)


def test_options_are_described_as_the_library_describes_them() -> None:
    ours = inspect.signature(GaussianProcess).parameters
    words = " ".join((GaussianProcess.__doc__ or "").split())
    described = {option["name"]: option for option in _core.gaussian_process_options()}
    apart = {"categorical", "lengthscale", "bounds"}
    assert set(described) | apart == set(ours)
    for name, option in described.items():
        default = option["default"]
        missing = isinstance(default, float) and np.isnan(default)
        assert ours[name].default == (None if missing else default), name
        assert f" {name} : " in words
        for choice in option["choices"]:
            assert f'"{choice}"' in words, f"{name}: {choice}"


def test_docstrings_run() -> None:
    module = asktell._gaussian_process
    result = doctest.testmod(module, extraglobs={"asktell": asktell}, report=True)
    assert result.attempted >= 8 and result.failed == 0


def test_nothing_optional_is_imported() -> None:
    program = """
import sys, asktell
gp = asktell.GaussianProcess().fit([[0.0], [1.0], [2.0]], [0.0, 1.0, 0.5])
gp.predict([[0.5]]), gp.get_params(), repr(gp)
try:
    asktell.GaussianProcess().predict([[0.5]])
except asktell.NotFittedError as error:
    assert type(error) is asktell.NotFittedError
print([name for name in ("sklearn", "pandas", "matplotlib", "scipy") if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout == "[]\n", done.stderr
