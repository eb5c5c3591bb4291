"""Acquisition functions of a fitted Gaussian process, evaluated at given points.

For plots, own loops and comparisons; solvers use the same functions. Values of y are to be
MINIMIZED (negate y to maximize), and larger acquisition values are better.

Each function takes a fitted ``asktell.GaussianProcess`` and ``x``, an array of q points with d
inputs in their own units, and returns q numbers; with ``gradient=True`` a pair of these and their
derivatives by the inputs (q, d). Values are in the units of the model: y transformed and
standardized, logarithms natural, information in nats. Names that begin with ``log_`` are
logarithms, which stay finite where the number itself is 0.0.

Where the process averages several models (``inference="ensemble"``, samplers), a function is
evaluated under each and averaged: what a logarithm stands for, not the logarithm. All but
``log_ei``, ``log_pi``, ``lcb`` and ``ucb`` need the exact posterior and raise ModelError for an
approximation: raise ``exact_limit``. The noise of a new observation is the fitted one, 0 where
variances were given. Sampled quantities depend on ``seed`` alone.

Raises NotFittedError before ``fit``, PointError for points that do not fit, OptionError for
options that cannot be, ModelError for models that cannot give what is needed (``tasks``).

>>> import asktell, numpy as np
>>> from asktell import acquisition
>>> X = np.linspace(0, 1, 6)[:, None]
>>> gp = asktell.GaussianProcess(noise="deterministic").fit(X, np.sin(6 * X[:, 0]))
>>> values, slopes = acquisition.log_ei(gp, [[0.75], [0.9]], gradient=True)
>>> values.shape, slopes.shape
((2,), (2, 1))
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from . import _core
from ._arrays import Array, integer
from ._errors import OptionError
from ._gaussian_process import GaussianProcess

__all__ = [
    "gibbon",
    "jes",
    "lcb",
    "log_augmented_ei",
    "log_ei",
    "log_kg",
    "log_nei",
    "log_pi",
    "log_posterior_mean_ei",
    "mes",
    "q_log_ei",
    "thompson",
    "ucb",
]


def log_ei(
    model: GaussianProcess, x: npt.ArrayLike, best: float | None = None, gradient: bool = False
) -> Any:
    """Log expected improvement below ``best``, a value in units of y.

    ``best``: the lowest posterior mean at the data when not given. Ament et al. 2023, "Unexpected
    improvements to expected improvement for Bayesian optimization".
    """
    return _result(_core.acquisition_log_ei(*_inputs(model, x), _value(best), gradient), gradient)


def log_pi(
    model: GaussianProcess, x: npt.ArrayLike, best: float | None = None, gradient: bool = False
) -> Any:
    """Log probability that the function is below ``best``, a value in units of y.

    ``best``: the lowest posterior mean at the data when not given; give one some way below for a
    margin. Kushner 1964.
    """
    return _result(_core.acquisition_log_pi(*_inputs(model, x), _value(best), gradient), gradient)


def log_augmented_ei(model: GaussianProcess, x: npt.ArrayLike, gradient: bool = False) -> Any:
    """Log of expected improvement times 1 - t / sqrt(s^2 + t^2), t the deviation of the noise.

    Below the posterior mean where mean + deviation is lowest. Huang et al. 2006, "Global
    optimization of stochastic black-box systems via sequential kriging meta-models".
    """
    return _result(_core.acquisition_log_augmented_ei(*_inputs(model, x), gradient), gradient)


def log_nei(
    model: GaussianProcess,
    x: npt.ArrayLike,
    pending: npt.ArrayLike | None = None,
    samples: int = 128,
    seed: int = 0,
    gradient: bool = False,
) -> Any:
    """Log expected improvement below the unknown lowest value at the data and ``pending`` points.

    ``pending``: p points (p, d) under evaluation. ``samples``: of the values there, from Sobol
    points. Letham et al. 2019, "Constrained Bayesian optimization with noisy experiments", with the
    last step in closed form.
    """
    core, points = _inputs(model, x)
    result = _core.acquisition_log_nei(
        core,
        points,
        _points_or_none(model, pending),
        _count(samples, "samples"),
        _seed(seed),
        gradient,
    )
    return _result(result, gradient)


def q_log_ei(
    model: GaussianProcess,
    x: npt.ArrayLike,
    best: float | None = None,
    samples: int = 512,
    seed: int = 0,
) -> float:
    """Log expected improvement of all q points of ``x`` together: one number.

    Smoothed as BoTorch smooths it (``qLogExpectedImprovement``: fat-tailed maxima); ``best`` as in
    ``log_ei``. Ament et al. 2023.
    """
    core, points = _inputs(model, x)
    count = _count(samples, "samples")
    return float(_core.acquisition_q_log_ei(core, points, _value(best), count, _seed(seed)))


def log_posterior_mean_ei(
    model: GaussianProcess,
    x: npt.ArrayLike,
    pending: npt.ArrayLike | None = None,
    fantasies: int = 16,
    seed: int = 0,
    gradient: bool = False,
) -> Any:
    """Log of how much lower the lowest posterior mean at data and x is expected to become.

    Expected improvement when observations are noisy (Frazier 2018, "A tutorial on Bayesian
    optimization"); without noise it is expected improvement. ``pending`` points (p, d) are averaged
    over ``fantasies`` of their values.
    """
    core, points = _inputs(model, x)
    result = _core.acquisition_log_posterior_mean_ei(
        core,
        points,
        _points_or_none(model, pending),
        _count(fantasies, "fantasies"),
        _seed(seed),
        gradient,
    )
    return _result(result, gradient)


def log_kg(
    model: GaussianProcess,
    x: npt.ArrayLike,
    choices: npt.ArrayLike | None = None,
    pending: npt.ArrayLike | None = None,
    quantiles: int = 5,
    fantasies: int = 16,
    seed: int = 0,
    gradient: bool = False,
) -> Any:
    """Log knowledge gradient: of how much lower the lowest posterior mean is expected to become.

    ``choices``: M points (M, d) of which the best is taken (Frazier, Powell & Dayanik 2009, "The
    knowledge-gradient policy for correlated normal beliefs"); exact. Not given: all of the box, by
    the best choices for ``quantiles`` outcomes (Pearce et al. 2022, "One-shot hybrid knowledge
    gradient"), a lower bound within percents and without gradients. ``pending`` as in
    ``log_posterior_mean_ei``.
    """
    core, points = _inputs(model, x)
    waiting, count = _points_or_none(model, pending), _count(fantasies, "fantasies")
    if choices is not None:
        chosen = model._points(choices)
        result = _core.acquisition_log_kg(
            core, points, chosen, waiting, count, _seed(seed), gradient
        )
        return _result(result, gradient)
    if gradient:
        raise OptionError(
            "log_kg has gradients for given choices only; give choices or gradient=False",
            "option.conflict",
        )
    result = _core.acquisition_log_continuous_kg(
        core, points, waiting, _count(quantiles, "quantiles"), count, _seed(seed)
    )
    return _result(result, False)


def lcb(
    model: GaussianProcess, x: npt.ArrayLike, deviations: float = 1.8, gradient: bool = False
) -> Any:
    """-(mean - deviations * deviation): how low the function may be, for y to be minimized.

    Not a logarithm; may have any sign. The default is Vizier's (Song et al. 2024).
    """
    result = _core.acquisition_lower_bound(*_inputs(model, x), float(deviations), gradient)
    return _result(result, gradient)


def ucb(
    model: GaussianProcess, x: npt.ArrayLike, deviations: float = 1.8, gradient: bool = False
) -> Any:
    """mean + deviations * deviation: the only function here for y to be MAXIMIZED."""
    result = _core.acquisition_lower_bound(*_inputs(model, x), -float(deviations), gradient)
    values, slopes = result
    return _result((-values, -slopes), gradient)


def thompson(
    model: GaussianProcess, x: npt.ArrayLike, seed: int = 0, gradient: bool = False
) -> Any:
    """The negative of one function drawn from the posterior; another for each ``seed``.

    The same function at every call, everywhere. Wilson et al. 2020, "Efficiently sampling functions
    from Gaussian process posteriors". Of an ensemble one member is drawn, too.
    """
    return _result(_core.acquisition_thompson(*_inputs(model, x), _seed(seed), gradient), gradient)


def mes(
    model: GaussianProcess,
    x: npt.ArrayLike,
    samples: int = 10,
    seed: int = 0,
    gradient: bool = False,
) -> Any:
    """Max-value entropy search: what f(x) tells about the lowest value, in nats.

    ``samples`` of the lowest value come from a Gumbel fit, five deviations of the noise below the
    lowest posterior mean or more. Wang & Jegelka 2017, "Max-value entropy search for efficient
    Bayesian optimization".
    """
    core, points = _inputs(model, x)
    count = _count(samples, "samples")
    return _result(_core.acquisition_mes(core, points, count, _seed(seed), gradient), gradient)


def gibbon(
    model: GaussianProcess,
    x: npt.ArrayLike,
    pending: npt.ArrayLike | None = None,
    samples: int = 10,
    seed: int = 0,
    gradient: bool = False,
) -> Any:
    """A lower bound of what a noisy observation at x tells about the lowest value, in nats.

    With ``pending`` points (p, d), of what it tells besides theirs. ``samples`` as in ``mes``. Moss
    et al. 2021, "GIBBON: general-purpose information-based Bayesian optimisation".
    """
    core, points = _inputs(model, x)
    result = _core.acquisition_gibbon(
        core,
        points,
        _points_or_none(model, pending),
        _count(samples, "samples"),
        _seed(seed),
        gradient,
    )
    return _result(result, gradient)


def jes(
    model: GaussianProcess,
    x: npt.ArrayLike,
    samples: int = 32,
    seed: int = 0,
    gradient: bool = False,
) -> Any:
    """Joint entropy search: what an observation at x tells about place and value of the minimum.

    In nats, a lower bound; ``samples`` minima are those of functions drawn from the posterior.
    Hvarfner et al. 2022, "Joint entropy search for maximally-informed Bayesian optimization"; Tu et
    al. 2022.
    """
    core, points = _inputs(model, x)
    count = _count(samples, "samples")
    return _result(_core.acquisition_jes(core, points, count, _seed(seed), gradient), gradient)


def _inputs(model: GaussianProcess, x: npt.ArrayLike) -> tuple[Any, Array]:
    if not isinstance(model, GaussianProcess):
        raise OptionError(
            f"model is a {type(model).__name__}; give a fitted asktell.GaussianProcess",
            "option.value",
        )
    return model._fitted(), model._points(x)


def _points_or_none(model: GaussianProcess, points: npt.ArrayLike | None) -> Array:
    return np.empty((0, model.n_features_in_)) if points is None else model._points(points)


def _value(best: float | None) -> float:
    """NaN where not given."""
    if best is None:
        return math.nan
    if not math.isfinite(best):
        raise OptionError(f"best is {best}; give a value in units of y", "option.value")
    return float(best)


def _count(given: Any, name: str) -> int:
    count = integer(given, name)
    if not 1 <= count <= 2**20:
        raise OptionError(f"{name} is {count}; give 1 to 2**20", "option.value")
    return count


def _seed(seed: Any) -> int:
    return integer(seed, "seed")


def _result(result: tuple[Array, Array], gradient: bool) -> Any:
    values, slopes = result
    return (values, slopes) if gradient else values
