"""Tunes a support-vector classifier on scikit-learn's digits. run by: examples/demo.sh

Compared in the same run with scikit-learn's own defaults and with random search of the same budget.
Interrupted and started again, it goes on where it was.
"""

from __future__ import annotations

import argparse
import warnings
from pathlib import Path

import asktell
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

warnings.filterwarnings("ignore")
X, Y = load_digits(return_X_y=True)
X, Y = X[::2], Y[::2]
SPACE = {
    "C": asktell.Real(1e-4, 1e2, log=True),
    "tol": asktell.Real(1e-5, 1e-1, log=True),
    "fit_intercept": asktell.Boolean(),
    "class_weight": asktell.Categorical([None, "balanced"]),
    "max_iter": asktell.Integer(20, 300, log=True),
}


def log_loss(**settings: object) -> float:
    """Five-fold cross-validated log loss of a logistic regression."""
    model = make_pipeline(StandardScaler(), LogisticRegression(**settings))
    return -float(cross_val_score(model, X, Y, cv=5, scoring="neg_log_loss").mean())


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", type=Path, default=Path("."))
    parser.add_argument("--trials", type=int, default=25)
    arguments = parser.parse_args()
    folder: Path = arguments.folder
    found = {}
    for solver in ("auto", "random"):
        study = asktell.Study(SPACE, file=folder / f"classifier-{solver}.db", seed=3, solver=solver)
        result = study.minimize(
            lambda trial: log_loss(**trial), n_trials=arguments.trials, verbose=1
        )
        found[solver] = result.value
        if solver == "auto":
            axes = asktell.plot.history(study)
            axes.figure.savefig(folder / "classifier.png")
            print("best settings:", result.params)
    print(f"scikit-learn's defaults: {log_loss():.4f}")
    print(f"random search:           {found['random']:.4f}")
    print(f"asktell:                 {found['auto']:.4f}")


if __name__ == "__main__":
    main()
