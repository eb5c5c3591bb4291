"""A Gaussian process as a scikit-learn estimator, without any study.

Fifty evaluations of a function of ten inputs, five of which do nothing (Friedman 1991). Which
kernel, prior and transform suit it? The leave-one-out density of one fit says so; five-fold
cross-validation, beside two of scikit-learn's models, agrees.
"""

from __future__ import annotations

import warnings

import asktell
import numpy as np
from sklearn.datasets import make_friedman1
from sklearn.ensemble import RandomForestRegressor
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, ConstantKernel, WhiteKernel
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


def main() -> None:
    X, y = make_friedman1(50, random_state=1)
    candidates = {
        "the defaults": asktell.GaussianProcess(),
        "BoTorch's model": asktell.GaussianProcess(prior="botorch"),
        "maximum likelihood": asktell.GaussianProcess(
            kernel="rbf", prior="none", output_transform="standardize"
        ),
    }
    for name, model in candidates.items():
        density = model.fit(X, y).loo().log_density.sum()
        score = cross_val_score(model, X, y, cv=5).mean()
        print(f"{name:22s} leave-one-out density {density:7.1f}   R^2 {score:.3f}")

    kernel = ConstantKernel() * RBF(np.ones(X.shape[1])) + WhiteKernel()
    theirs = {
        "scikit-learn's process": make_pipeline(
            StandardScaler(), GaussianProcessRegressor(kernel, normalize_y=True)
        ),
        "random forest": RandomForestRegressor(random_state=0),
    }
    warnings.filterwarnings("ignore")  # about length-scales at their limit
    for name, model in theirs.items():
        print(f"{name:54s} R^2 {cross_val_score(model, X, y, cv=5).mean():.3f}")

    best = max(candidates.values(), key=lambda model: float(model.loo().log_density.sum()))
    print("chosen:", best)
    print("inputs by length-scale:", np.argsort(best.lengthscale_))
    print(f"within two deviations: {np.mean(np.abs(best.loo().z) < 2):.0%}")
    for fallback in best.diagnostics()["fallbacks"]:
        print(fallback)
    asktell.plot.cross_validation(best).figure.savefig("friedman-loo.png")
    asktell.plot.surrogate(best)[0].figure.savefig("friedman.png")


if __name__ == "__main__":
    main()
