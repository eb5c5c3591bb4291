"""GaussianProcess against scikit-learn, GPyTorch and BoTorch, where the models are the same.

Each group is left out, with a message, where its package is not installed:

    make test-peers
"""

from __future__ import annotations

from typing import Any

import asktell
import numpy as np
import pytest

TOLERANCE = 1e-8  # relative, where both sides are closed formulas of the same numbers

# Twelve points of two inputs on which BoTorch 0.18.1's default model has a single optimum.
D3_X = np.array(
    [
        [0.2549, 0.0698],
        [0.0098, 0.6397],
        [0.7646, 0.2095],
        [0.5195, 0.7794],
        [0.2744, 0.3492],
        [0.0293, 0.9190],
        [0.7841, 0.4889],
        [0.5390, 0.0587],
        [0.2939, 0.6286],
        [0.0488, 0.1984],
        [0.8037, 0.7682],
        [0.5585, 0.3381],
    ]
)
D3_Y = np.array(
    [0.6383, 0.4855, 0.6636, 1.4549, 0.7574, 0.9689, 0.7072, 1.0366, 1.0246, 0.2304, 0.8987, 1.0644]
)


def draw(dimension: int, count: int = 25) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Points, values and queries."""
    random = np.random.default_rng((7, dimension))
    x = random.uniform(size=(count, dimension))
    y = 3 + np.sin(5 * x).sum(axis=1) + 0.1 * random.normal(size=count)
    return x, y, random.uniform(size=(9, dimension))


def ours(kernel: str, dimension: int, **hyperparameters: Any) -> asktell.GaussianProcess:
    return asktell.GaussianProcess(
        kernel=kernel,
        inference="map",
        output_transform="standardize",
        bounds=[[0.0, 1.0]] * dimension,
        fit_hyperparameters=False,
        **hyperparameters,
    )


def expect_equal(actual: Any, expected: Any) -> None:
    scale = max(1.0, float(np.abs(np.asarray(expected)).max()))
    np.testing.assert_allclose(actual, expected, rtol=TOLERANCE, atol=TOLERANCE * scale)


# --- scikit-learn: value and gradient at random hyper-parameters, predictions ---

# Its rational quadratic and periodic kernels have one length-scale, hence one input.
KERNELS = [
    ("rbf", 3),
    ("matern12", 3),
    ("matern32", 3),
    ("matern52", 3),
    ("rational_quadratic", 1),
    ("periodic", 1),
]


def scikit_learn_kernel(name: str, at: dict[str, float]) -> Any:
    kernels = pytest.importorskip("sklearn.gaussian_process.kernels")
    scales = [value for key, value in at.items() if key.startswith("lengthscale")]
    if name == "rbf":
        base = kernels.RBF(scales)
    elif name.startswith("matern"):
        smoothness = {"matern12": 0.5, "matern32": 1.5, "matern52": 2.5}[name]
        base = kernels.Matern(scales, nu=smoothness)
    elif name == "rational_quadratic":
        (shape,) = [value for key, value in at.items() if key.startswith("shape")]
        base = kernels.RationalQuadratic(scales[0], shape)
    else:
        (period,) = [value for key, value in at.items() if key.startswith("period")]
        base = kernels.ExpSineSquared(scales[0], period)
    return kernels.ConstantKernel(at["outputscale"]) * base + kernels.WhiteKernel(
        at["noise_variance"]
    )


def order(name: str, names: list[str]) -> list[int]:
    """Places of our names in scikit-learn's theta: constant, base kernel's by name, noise."""
    scales = [key for key in names if key.startswith("lengthscale")]
    theirs = ["outputscale", *scales]
    if name == "rational_quadratic":  # alpha, length_scale
        theirs = ["outputscale", "shape", *scales]
    if name == "periodic":  # length_scale, periodicity
        theirs = ["outputscale", *scales, "period"]
    theirs.append("noise_variance")
    return [theirs.index(key if key in theirs else key.split("[")[0]) for key in names]


@pytest.mark.parametrize(("name", "dimension"), KERNELS)
def test_likelihood_and_gradient_are_those_of_scikit_learn(name: str, dimension: int) -> None:
    gaussian_process = pytest.importorskip(
        "sklearn.gaussian_process", reason="scikit-learn is not installed"
    )
    x, y, _ = draw(dimension)
    model = ours(name, dimension, mean=3.0).fit(x, y)
    names = model.members_[0]["names"]
    random = np.random.default_rng(11)
    for _ in range(5):
        theta = np.array([np.log(random.uniform(0.3, 1.5)) for _ in names])
        theta[-1] = np.log(random.uniform(0.005, 0.2))
        at = dict(zip(names, np.exp(theta), strict=True))
        kernel = scikit_learn_kernel(name, at)
        theirs = gaussian_process.GaussianProcessRegressor(kernel, alpha=0, optimizer=None)
        theirs.fit(x, y - 3.0)
        expected, slopes = theirs.log_marginal_likelihood(theirs.kernel_.theta, eval_gradient=True)
        value, gradient = model.log_marginal_likelihood(theta, gradient=True)
        expect_equal(value, expected)
        expect_equal(gradient, slopes[order(name, names)])


@pytest.mark.parametrize("name", ["rbf", "matern12", "matern32", "matern52"])
def test_posterior_is_that_of_scikit_learn(name: str) -> None:
    gaussian_process = pytest.importorskip(
        "sklearn.gaussian_process", reason="scikit-learn is not installed"
    )
    x, y, queries = draw(3)
    model = ours(
        name, 3, lengthscale=[0.4, 0.9, 0.6], outputscale=1.4, noise_variance=0.03, mean=3.0
    ).fit(x, y)
    at = {"lengthscale[0]": 0.4, "lengthscale[1]": 0.9, "lengthscale[2]": 0.6}
    kernel = scikit_learn_kernel(name, {**at, "outputscale": 1.4, "noise_variance": 0.03})
    theirs = gaussian_process.GaussianProcessRegressor(kernel.k1, alpha=0.03, optimizer=None)
    theirs.fit(x, y - 3.0)
    mean, covariance = theirs.predict(queries, return_cov=True)
    our_mean, our_covariance = model.predict(queries, return_cov=True)
    expect_equal(our_mean, 3.0 + mean)
    expect_equal(our_covariance, covariance)
    _, deviation = model.predict(queries, return_std=True)
    expect_equal(deviation**2, np.diag(covariance))


# --- GPyTorch: value and gradient ---


@pytest.mark.parametrize("name", ["rbf", "matern12", "matern32", "matern52"])
def test_likelihood_and_gradient_are_those_of_gpytorch(name: str) -> None:
    gpytorch = pytest.importorskip("gpytorch", reason="gpytorch is not installed")
    torch = pytest.importorskip("torch", reason="torch is not installed")
    x, y, _ = draw(3)
    theta = torch.log(torch.tensor([0.4, 0.9, 0.6, 1.4, 0.03], dtype=torch.float64))
    theta.requires_grad_()
    natural = theta.exp()
    base = gpytorch.kernels.RBFKernel(ard_num_dims=3)
    if name != "rbf":
        smoothness = {"matern12": 0.5, "matern32": 1.5, "matern52": 2.5}[name]
        base = gpytorch.kernels.MaternKernel(nu=smoothness, ard_num_dims=3)
    base = base.double()
    points = torch.as_tensor(x)
    # A kernel's own parameters are leaves; inputs divided by length-scales keep the graph.
    base.lengthscale = torch.ones(3, dtype=torch.float64)
    covariance = natural[3] * base(points / natural[:3]).to_dense()
    covariance = covariance + natural[4] * torch.eye(len(y), dtype=torch.float64)
    normal = torch.distributions.MultivariateNormal(torch.full((len(y),), 3.0).double(), covariance)
    expected = normal.log_prob(torch.as_tensor(y))
    expected.backward()
    model = ours(name, 3, mean=3.0).fit(x, y)
    value, gradient = model.log_marginal_likelihood(theta.detach().numpy(), gradient=True)
    expect_equal(value, float(expected.detach()))
    assert theta.grad is not None
    expect_equal(gradient, theta.grad.numpy())


# --- BoTorch: its default model, fitted ---


def test_fit_of_botorchs_default_model_finds_its_optimum() -> None:
    fit = pytest.importorskip("botorch.fit", reason="botorch is not installed")
    import torch
    from botorch.models import SingleTaskGP
    from botorch.models.transforms import Standardize
    from gpytorch.mlls import ExactMarginalLogLikelihood

    theirs = SingleTaskGP(
        torch.as_tensor(D3_X), torch.as_tensor(D3_Y[:, None]), outcome_transform=Standardize(m=1)
    )
    fit.fit_gpytorch_mll(ExactMarginalLogLikelihood(theirs.likelihood, theirs))
    model = asktell.GaussianProcess(
        prior="botorch",
        inference="map",
        output_transform="standardize",
        bounds=[[0.0, 1.0]] * 2,
    ).fit(D3_X, D3_Y)
    variance = float(np.var(D3_Y, ddof=1))
    lengthscale = theirs.covar_module.lengthscale.detach().numpy().ravel()
    noise = theirs.likelihood.noise.item() * variance
    np.testing.assert_allclose(model.lengthscale_, lengthscale, rtol=2e-3)
    np.testing.assert_allclose(model.noise_variance_, noise, rtol=2e-3)
    # 50-digit arithmetic: the optimum's length-scales.
    np.testing.assert_allclose(model.lengthscale_, [0.255207892827, 0.513886024745], rtol=2e-3)
    queries = np.array([[0.5, 0.5], [0.1, 0.9]])
    with torch.no_grad():
        posterior = theirs.posterior(torch.as_tensor(queries))
    mean, deviation = model.predict(queries, return_std=True)
    np.testing.assert_allclose(mean, posterior.mean.numpy().ravel(), rtol=1e-3)
    np.testing.assert_allclose(deviation**2, posterior.variance.numpy().ravel(), rtol=5e-3)
