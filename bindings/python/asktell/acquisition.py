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
``log_ei``, ``log_pi``, ``lcb``, ``ucb`` and ``risk_bound`` need the exact posterior and raise
ModelError for an approximation: raise ``exact_limit``. The noise of a new observation is the fitted
one, 0 where variances were given. Sampled quantities depend on ``seed`` alone.

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
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from . import _core
from ._arrays import Array, integer
from ._errors import OptionError
from ._gaussian_process import GaussianProcess

__all__ = [
    "exploration",
    "gibbon",
    "jes",
    "lcb",
    "log_augmented_ei",
    "log_ei",
    "log_integrated_kg",
    "log_kg",
    "log_nei",
    "log_penalized_ei",
    "log_pi",
    "log_posterior_mean_ei",
    "mes",
    "per_cost",
    "prior_guided",
    "q_log_ei",
    "risk_bound",
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


def log_integrated_kg(
    model: GaussianProcess,
    x: npt.ArrayLike,
    choices: npt.ArrayLike,
    environment: Sequence[int],
    values: npt.ArrayLike,
    pending: npt.ArrayLike | None = None,
    fantasies: int = 16,
    seed: int = 0,
    gradient: bool = False,
) -> Any:
    """Log knowledge gradient of a mean over an environment, for an evaluation at x.

    ``environment``: the e columns of the inputs that are averaged over; ``values``: the K equally
    likely values of these (K, e), or (K,) for one column. ``choices``: M points (M, d) of which the
    best is taken, whatever their environment. ``pending`` as in ``log_posterior_mean_ei``.
    Toscano-Palmerin & Frazier 2018, "Bayesian optimization with expensive integrands".
    """
    core, points = _inputs(model, x)
    chosen = model._points(choices)
    result = _core.acquisition_log_integrated_kg(
        core,
        points,
        chosen,
        *_environments(model, chosen, environment, values),
        _points_or_none(model, pending),
        _count(fantasies, "fantasies"),
        _seed(seed),
        gradient,
    )
    return _result(result, gradient)


def risk_bound(
    model: GaussianProcess,
    x: npt.ArrayLike,
    environment: Sequence[int],
    values: npt.ArrayLike,
    measure: str = "conditional_value_at_risk",
    level: float = 0.75,
    deviations: float = 0.0,
    gradient: bool = False,
) -> Any:
    """-risk(mean - deviations * deviation), over an environment that is not the user's to choose.

    ``environment``, ``values`` as in ``log_integrated_kg``; these columns of ``x`` are not read.
    ``measure``: ``"mean"``, ``"value_at_risk"``, the value that a share ``level`` of environments
    stays within, or ``"conditional_value_at_risk"``, the mean of those from there on. Nguyen et al.
    2021, "Optimizing conditional value-at-risk of black-box functions"; with no deviations, what
    the model expects the risk to be.
    """
    core, points = _inputs(model, x)
    if measure not in ("mean", "value_at_risk", "conditional_value_at_risk"):
        raise OptionError(
            f'measure is {measure!r}; give "mean", "value_at_risk" or "conditional_value_at_risk"',
            "option.value",
        )
    if not 0 < level < 1:
        raise OptionError(f"level is {level}; give a number between 0 and 1", "option.value")
    result = _core.acquisition_risk_bound(
        core,
        points,
        *_environments(model, points, environment, values),
        measure,
        level,
        deviations,
        gradient,
    )
    return _result(result, gradient)


def log_penalized_ei(
    model: GaussianProcess,
    x: npt.ArrayLike,
    pending: npt.ArrayLike,
    best: float | None = None,
    seed: int = 0,
    gradient: bool = False,
) -> Any:
    """Log expected improvement, less where ``pending`` points (p, d) leave no room for it.

    Each excludes a ball in which the function, if it changes no faster than its model's mean does
    anywhere, is not below ``best`` (the lowest posterior mean at the data when not given). Gonzalez
    et al. 2016, "Batch Bayesian optimization via local penalization".
    """
    core, points = _inputs(model, x)
    waiting = model._points(pending)
    result = _core.acquisition_log_penalized_ei(
        core, points, waiting, _value(best), _seed(seed), gradient
    )
    return _result(result, gradient)


def exploration(
    model: GaussianProcess,
    x: npt.ArrayLike,
    pending: npt.ArrayLike | None = None,
    coefficient: float = 0.5,
    penalty: float = 10.0,
    gradient: bool = False,
) -> Any:
    """How little is known where something good may be: the deviation, less a penalty elsewhere.

    The deviation with ``pending`` points (p, d) known, less ``penalty`` for each unit by which mean
    - ``coefficient`` * deviation misses the level that the data promise. Contal et al. 2013; Song
    et al. 2024, "The Vizier Gaussian process bandit algorithm".
    """
    core, points = _inputs(model, x)
    result = _core.acquisition_exploration(
        core, points, _points_or_none(model, pending), coefficient, penalty, gradient
    )
    return _result(result, gradient)


def prior_guided(
    logs: npt.ArrayLike, prior: npt.ArrayLike, decay: float, iteration: int = 1
) -> Array:
    """Values of a function ``log_...``, guided by what is believed of where the optimum lies.

    ``logs`` + ``decay`` / ``iteration`` * log(``prior`` + 1e-12), with the prior's density at the
    same q points, in any unit, and the number of proposals so far, this one included. A ``decay``
    of a tenth of the budget is the authors' choice. Hvarfner et al. 2022, "piBO".
    """
    density = np.asarray(prior, dtype=float)
    if not np.all(density >= 0) or not np.any(density > 0):
        raise OptionError(
            "prior has to be 0 or more at all points and more at one; give a density",
            "option.value",
        )
    exponent = decay / _count(iteration, "iteration")
    return np.add(logs, exponent * np.log(density + 1e-12), dtype=float)


def per_cost(
    logs: npt.ArrayLike, log_cost: GaussianProcess, x: npt.ArrayLike, exponent: float = 1.0
) -> Array:
    """Values of a function ``log_...`` at ``x``, for a unit of what an evaluation costs.

    ``logs`` - ``exponent`` * log(mean cost), where ``log_cost`` is a process fitted to the
    logarithms of costs. Snoek et al. 2012; Lee et al. 2020, "Cost-aware Bayesian optimization".
    """
    mean, deviation = log_cost.predict(x, return_std=True)
    log_mean: Array = mean + 0.5 * deviation**2
    return np.subtract(logs, exponent * log_mean, dtype=float)


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


def _environments(
    model: GaussianProcess, points: Array, environment: Sequence[int], values: npt.ArrayLike
) -> tuple[list[int], Array]:
    """The columns, and points that have each environment in them."""
    d = model.n_features_in_
    axes = [integer(column, "environment") for column in environment]
    if not axes or len(set(axes)) < len(axes) or not all(0 <= axis < d for axis in axes):
        raise OptionError(
            f"environment is {list(environment)}; give different columns from 0 to {d - 1}",
            "option.value",
        )
    w = np.atleast_2d(np.asarray(values, dtype=float).T).T
    if w.ndim != 2 or w.shape[0] == 0 or w.shape[1] != len(axes):
        raise OptionError(
            f"values have the shape {w.shape}; give one row for each of some environments, with "
            f"{len(axes)} columns",
            "option.value",
        )
    all_of_them = np.repeat(points[:1], len(w), axis=0)
    all_of_them[:, axes] = w
    return axes, model._points(all_of_them)


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
