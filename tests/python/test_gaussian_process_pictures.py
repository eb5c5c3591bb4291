"""Pictures of a Gaussian process: what is on them."""

from __future__ import annotations

from typing import Any

import asktell
import numpy as np
import pandas as pd
import pytest
from asktell import GaussianProcess

RNG = np.random.default_rng(5)
X = RNG.uniform([-2, 10, 0], [3, 40, 1], (24, 3))
Y = np.sin(X[:, 0]) + 0.02 * X[:, 1] ** 1.2 + X[:, 2] ** 2


@pytest.fixture
def pyplot(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("MPLBACKEND", "Agg")
    plt = pytest.importorskip("matplotlib.pyplot")
    yield plt
    plt.close("all")


def test_pictures_of_one_two_and_more_inputs(pyplot: Any) -> None:
    line = asktell.plot.surrogate(GaussianProcess().fit(X[:, :1], Y))
    assert line.get_xlabel() == "x0"
    frame = pd.DataFrame(X, columns=["angle", "heat", "share"])
    maps = asktell.plot.surrogate(GaussianProcess().fit(frame[["angle", "heat"]], Y))
    assert [each.get_xlabel() for each in maps] == ["angle", "angle"]
    slices = asktell.plot.surrogate(GaussianProcess().fit(frame, Y))
    assert [each.get_xlabel() for each in slices] == ["angle", "heat", "share"]
    mean = slices[1].lines[0].get_ydata()
    assert np.isfinite(mean).all() and len(mean) == 200
    ours = pyplot.subplots()[1]
    assert asktell.plot.cross_validation(GaussianProcess().fit(X, Y), axes=ours) is ours
    assert "of 24 within two deviations" in ours.get_title()
    with pytest.raises(asktell.OptionError, match="1 axes were given; 3 are needed"):
        asktell.plot.surrogate(GaussianProcess().fit(X, Y), axes=ours)
    with pytest.raises(asktell.NotFittedError):
        asktell.plot.surrogate(GaussianProcess())


def test_pictures_of_a_study(pyplot: Any) -> None:
    space = {
        "rate": asktell.Real(1e-4, 1, log=True),
        "depth": asktell.Integer(2, 5),
        "kind": asktell.Categorical(["tree", "line"]),
        "weights": asktell.Real(0, 1, size=2),
    }
    study = asktell.Study(space, seed=1, solver="random", direction="maximize")
    with pytest.raises(asktell.PointError, match="no trial with a value"):
        asktell.plot.surrogate(study)
    for _ in range(20):
        trial = study.ask()
        study.tell(trial, np.log(trial["rate"]) + trial["depth"] - (trial["kind"] == "line"))
    study.fail(study.ask(), "broke")
    panels = asktell.plot.surrogate(study)
    names = [each.get_xlabel() for each in panels]
    assert names == ["rate", "depth", "kind", "weights[0]", "weights[1]"]
    labels = [each.get_text() for each in panels[2].get_xticklabels()]
    assert labels == ["tree", "line"]
    assert [t.get_text() for t in panels[1].get_xticklabels()] == ["2", "3", "4", "5"]
    star = panels[0].lines[-1].get_ydata()
    assert star[0] == study.best().value
    assert "of 20 within" in asktell.plot.cross_validation(study).get_title()
