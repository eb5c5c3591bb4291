"""GaussianProcess: what it says about values that it has not seen."""

from __future__ import annotations

import pickle

import asktell
import numpy as np
import pytest


def test_log_density_scores_new_observations() -> None:
    rng = np.random.default_rng(5)
    X, y = rng.uniform(size=(20, 2)), rng.normal(size=20)
    gp = asktell.GaussianProcess(output_transform="standardize", inference="map").fit(X, y)
    mean, deviation = gp.predict(X[:3], return_std=True)
    total = np.sqrt(deviation**2 + gp.predict_noise(X[:3]))
    expected = -0.5 * ((y[:3] - mean) / total) ** 2 - np.log(total * np.sqrt(2 * np.pi))
    assert np.allclose(gp.log_density(X[:3], y[:3]), expected)
    with pytest.raises(asktell.PointError):
        gp.log_density(X[:3], [0.0, np.nan, 1.0])


def test_amended_values_are_those_of_a_new_fit_and_survive_pickling() -> None:
    rng = np.random.default_rng(6)
    X, y = rng.uniform(size=(12, 2)), rng.normal(size=12)
    kept = {"fit_hyperparameters": False, "lengthscale": 0.4, "outputscale": 1.0, "mean": 0.0}
    gp = asktell.GaussianProcess(noise_variance=0.1, **kept).fit(X, y)
    gp.amend(5, 2.5)
    y[5] = 2.5
    fresh = asktell.GaussianProcess(noise_variance=0.1, **kept).fit(X, y)
    assert np.allclose(gp.predict(X), fresh.predict(X), rtol=1e-9)
    assert gp.y_train_[5] == 2.5
    assert np.array_equal(pickle.loads(pickle.dumps(gp)).predict(X), gp.predict(X))
    with pytest.raises(asktell.PointError, match="no observation 12"):
        gp.amend(12, 0.0)
