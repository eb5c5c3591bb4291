"""GaussianProcess: what it says about values that it has not seen."""

from __future__ import annotations

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
