"""A Gaussian process as a scikit-learn estimator, without any study: the diabetes data.

Compared with scikit-learn's own Gaussian process and ridge regression, by cross-validation; then
what the model says about itself.
"""

from __future__ import annotations

import warnings

import asktell
import numpy as np
from sklearn.datasets import load_diabetes
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, ConstantKernel, WhiteKernel
from sklearn.linear_model import RidgeCV
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


def main() -> None:
    frame = load_diabetes(as_frame=True)
    X, y = frame.data[["bmi", "bp", "s5", "age"]].iloc[:150], frame.target.iloc[:150]
    kernel = ConstantKernel() * RBF([1.0] * X.shape[1]) + WhiteKernel()
    models = {
        "ridge": make_pipeline(StandardScaler(), RidgeCV()),
        "scikit-learn": make_pipeline(
            StandardScaler(), GaussianProcessRegressor(kernel, normalize_y=True)
        ),
        "asktell": asktell.GaussianProcess(),
    }
    warnings.filterwarnings("ignore")  # scikit-learn's, about length-scales on their bound
    for name, model in models.items():
        print(f"{name:12s} R^2 {cross_val_score(model, X, y, cv=5).mean():.3f}")

    gp = asktell.GaussianProcess().fit(X, y)
    loo = gp.loo()
    print(f"within two deviations: {np.mean(np.abs(loo.z) < 2):.0%} of {len(loo.z)}")
    for name, lengthscale in zip(gp.feature_names_in_, gp.lengthscale_):
        print(f"length-scale of {name}: {lengthscale:.3f}")
    diagnostics = gp.diagnostics()
    print({key: diagnostics[key] for key in ("model", "inference", "transform", "members")})
    asktell.plot.cross_validation(gp).figure.savefig("diabetes-loo.png")
    asktell.plot.surrogate(gp)[0].figure.savefig("diabetes.png")


if __name__ == "__main__":
    main()
