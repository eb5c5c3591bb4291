"""Gaussian-process regression as an estimator with scikit-learn's conventions."""

from __future__ import annotations

import inspect
import operator
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from . import _core
from ._arrays import (
    Array,
    column_names,
    floats,
    integer,
    matrix,
    random_seed,
    variances,
    vector,
)
from ._errors import OptionError, PointError, not_fitted

__all__ = ["GaussianProcess", "LeaveOneOut"]


@dataclass(frozen=True)
class LeaveOneOut:
    """Each observation predicted from all others; failed ones are left out. m numbers each."""

    index: npt.NDArray[np.int64]  #: of the observation in the data
    mean: Array  #: predicted, in units of the values
    deviation: Array  #: of the prediction, noise included, in units of the values
    z: Array  #: standardized errors, of transformed values; about N(0, 1) for a good model
    log_density: Array  #: of the value under the prediction; the sum scores a model


class GaussianProcess:
    """Gaussian-process regression, without any study.

    Inputs are scaled to the unit cube, values transformed and standardized, hyper-parameters
    fitted, and predictions come back in the units of the values (Rasmussen & Williams 2006,
    "Gaussian processes for machine learning", chapters 2 and 5). An estimator in the sense of
    scikit-learn, which need not be installed. Parameters are looked at by ``fit``.

    Parameters
    ----------
    kernel : "matern52", "matern32", "matern12", "rbf", "rational_quadratic", "periodic", "linear"
        or "spherical_linear", with a length-scale (period, variance) for each input. "auto": the
        prior's.
    prior : of hyper-parameters: "asktell", or the set of another library or paper: "botorch",
        "botorch_legacy", "hvarfner", "vizier", "hebo", "optuna", "regret", "map_saas";
        "none": maximum likelihood; "profiled": the same, the scale in closed form.
    inference : "map", the likeliest hyper-parameters; "ensemble", three models of different priors,
        averaged; "map_saas", "saas": sparse axis-aligned, the latter by No-U-Turn sampling; "nuts",
        "slice": hyper-parameters sampled. "auto": the ensemble up to 300 observations when neither
        kernel nor prior nor hyper-parameters are given, else "map".
    output_transform : of the values: "standardize", "log", "bilog", "yeo_johnson", "box_cox",
        "hebo" (Box-Cox or Yeo-Johnson), "robust_power" (Yeo-Johnson about the median), or, with an
        eye on small values, "half_rank", "vizier", "copula". "auto": a power transform or none from
        8 observations on, by leave-one-out density; ranks where the largest value is a gross error;
        "standardize" for fewer, and when hyper-parameters or noise are given in units of y.
    noise : "inferred", one variance, fitted; "deterministic", the same with a floor near zero;
        "given", only the variances passed to ``fit``; "heteroscedastic", from replicates, smoothed
        over the inputs; "robust": values far off get variances of their own.
    input_warp : "kumaraswamy": each input is bent by two fitted exponents; "none". "auto": bent by
        the ensemble from three observations an input on.
    categorical : indices of the inputs that hold codes of categories.
    tasks : above 0, the last input numbers the task, from 0.
    fit_hyperparameters : False keeps the following four; True starts the fit there.
    lengthscale : in units of the inputs; one number, or d.
    outputscale : variance of the function, in squared units of the values.
    noise_variance : of a value, in squared units of the values.
    mean : constant mean in units of the values; by least squares when not given.
    bounds : d x 2, what becomes the unit cube; the box of the data when not given.
    exact_limit : observations beyond which an approximation is chosen.
    seed : of starts and samplers, from 0.

    Attributes after ``fit``
    ------------------------
    lengthscale_ (d,), outputscale_, noise_variance_, mean_, theta_ : of the likeliest member, in
        the units above; theta_ holds logarithms, as ``members_[...]["names"]`` names them.
    members_ : a dict for each model that is averaged; its log_likelihood is that of y.
    X_train_ (n, d), y_train_ (n,) : the data, failures included.
    n_features_in_, feature_names_in_ : the latter for data frames.

    Raises OptionError for parameters that cannot be, PointError for data that do not fit,
    NotFittedError before ``fit``; all three are ValueErrors.

    >>> import numpy as np, asktell
    >>> X = np.linspace(0, 1, 12)[:, None]
    >>> gp = asktell.GaussianProcess(noise="deterministic").fit(X, np.sin(6 * X[:, 0]))
    >>> mean, deviation = gp.predict([[0.33]], return_std=True)
    >>> bool(abs(mean[0] - np.sin(6 * 0.33)) < 0.01)
    True
    """

    _estimator_type = "regressor"  # scikit-learn before 1.6

    def __init__(
        self,
        *,
        kernel: str = "auto",
        prior: str = "asktell",
        inference: str = "auto",
        output_transform: str = "auto",
        noise: str = "inferred",
        input_warp: str = "auto",
        categorical: Sequence[int] | None = None,
        tasks: int = 0,
        fit_hyperparameters: bool = True,
        lengthscale: npt.ArrayLike | None = None,
        outputscale: float | None = None,
        noise_variance: float | None = None,
        mean: float | None = None,
        bounds: npt.ArrayLike | None = None,
        exact_limit: int = 2000,
        seed: int = 0,
    ) -> None:
        self.kernel = kernel
        self.prior = prior
        self.inference = inference
        self.output_transform = output_transform
        self.noise = noise
        self.input_warp = input_warp
        self.categorical = categorical
        self.tasks = tasks
        self.fit_hyperparameters = fit_hyperparameters
        self.lengthscale = lengthscale
        self.outputscale = outputscale
        self.noise_variance = noise_variance
        self.mean = mean
        self.bounds = bounds
        self.exact_limit = exact_limit
        self.seed = seed

    @classmethod
    def _defaults(cls) -> dict[str, Any]:
        parameters = inspect.signature(cls.__init__).parameters
        return {name: each.default for name, each in parameters.items() if name != "self"}

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """The constructor's parameters by name, as they were given."""
        return {name: getattr(self, name) for name in self._defaults()}

    def set_params(self, **params: Any) -> GaussianProcess:
        """Changes parameters; a fitted model stays what it is until the next ``fit``."""
        known = self._defaults()
        for name, value in params.items():
            if name not in known:
                raise OptionError(
                    f"GaussianProcess has no parameter {name!r}; it has: {', '.join(known)}",
                    "option.unknown",
                )
            setattr(self, name, value)
        return self

    def __repr__(self) -> str:
        given = (
            f"{name}={getattr(self, name)!r}"
            for name, default in self._defaults().items()
            if repr(getattr(self, name)) != repr(default)
        )
        return f"{type(self).__name__}({', '.join(given)})"

    def __sklearn_is_fitted__(self) -> bool:
        return "_core" in vars(self)

    def __sklearn_tags__(self) -> Any:
        from sklearn.utils import InputTags, RegressorTags, Tags, TargetTags

        return Tags(
            estimator_type="regressor",
            target_tags=TargetTags(required=True),
            regressor_tags=RegressorTags(),
            input_tags=InputTags(),
        )

    # A model is what was done to it: the calls that changed it are kept, and repeated when it is
    # unpickled, which gives the same numbers.
    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "_core"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        if "_calls" not in state:
            return
        core = _core.GaussianProcess(*self._built_from)
        for name, arguments in self._calls:
            getattr(core, name)(*arguments)
        self._core = core

    def fit(
        self, X: npt.ArrayLike, y: npt.ArrayLike, noise_variance: npt.ArrayLike | None = None
    ) -> GaussianProcess:
        """Learns from n rows of X and their values; anything learned before is forgotten.

        X : (n, d) numbers. y : (n,); NaN or infinite where the evaluation failed, which counts as
        the largest value, since small values are the good ones.
        noise_variance : (n,) or one number, in squared units of y; besides what is fitted unless
        ``noise="given"``. Returns the model itself.

        >>> asktell.GaussianProcess(kernel="rbf").fit([[0.0], [1.0], [2.0]], [0.0, 1.0, 0.5])
        GaussianProcess(kernel='rbf')
        """
        x = matrix(X, "X")
        values = vector(y, "y", len(x))
        if not np.isfinite(values).any():
            raise PointError("y holds no finite value: all evaluations failed", "point.no-values")
        built_from = self._settings()
        core = _core.GaussianProcess(*built_from)
        data = (x, values, variances(noise_variance, len(x)))
        core.fit(*data)
        names = column_names(X)
        vars(self).pop("feature_names_in_", None)
        if names is not None:
            self.feature_names_in_ = names
        self._built_from = built_from
        self._calls: list[tuple[str, tuple[Any, ...]]] = [("fit", data)]
        self._core = core
        self.X_train_, self.y_train_ = x, values
        self.n_features_in_ = x.shape[1]
        self._refresh()
        return self

    def append(
        self, X: npt.ArrayLike, y: npt.ArrayLike, noise_variance: npt.ArrayLike | None = None
    ) -> GaussianProcess:
        """Adds observations; hyper-parameters and transform stay. O(n^2) each. As in ``fit``."""
        self._observe("append", X, y, noise_variance)
        return self

    def update(
        self, X: npt.ArrayLike, y: npt.ArrayLike, noise_variance: npt.ArrayLike | None = None
    ) -> bool:
        """Adds observations and fits hyper-parameters again when it is due; whether it did.

        Due is: always up to 200 observations; then when they grew by 5 % or the last ten were
        predicted badly. Fits start from the last optimum.
        """
        return bool(self._observe("update", X, y, noise_variance))

    def remove(self, index: int) -> GaussianProcess:
        """Forgets the observation at this row; later rows move up. O(n^2)."""
        core, row = self._fitted(), self._row(index)
        core.remove(row)
        self._calls.append(("remove", (row,)))
        self.X_train_ = np.delete(self.X_train_, row, axis=0)
        self.y_train_ = np.delete(self.y_train_, row)
        self._refresh()
        return self

    def amend(self, index: int, y: float) -> GaussianProcess:
        """Another value for the observation at this row; NaN: it failed. O(n^2)."""
        core, row, value = self._fitted(), self._row(index), float(y)
        core.amend(row, value)
        self._calls.append(("amend", (row, value)))
        self.y_train_ = self.y_train_.copy()
        self.y_train_[row] = value
        self._refresh()
        return self

    def _row(self, index: int) -> int:
        try:
            row = operator.index(index)
        except TypeError:
            row = -1
        if 0 <= row < len(self.y_train_):
            return row
        raise PointError(
            f"there is no observation {index!r}; there are 0 to {len(self.y_train_) - 1}",
            "point.index",
        )

    def predict(self, X: npt.ArrayLike, return_std: bool = False, return_cov: bool = False) -> Any:
        """Mean of the function at q points (q,); with its deviation (q,) or covariance (q, q).

        In the units of y; noise is not in the deviation (see ``predict_noise``).

        >>> gp = asktell.GaussianProcess().fit([[0.0], [1.0], [2.0]], [0.0, 1.0, 0.5])
        >>> mean, covariance = gp.predict([[0.5], [1.5]], return_cov=True)
        >>> mean.shape, covariance.shape
        ((2,), (2, 2))
        """
        if return_std and return_cov:
            raise OptionError("give return_std or return_cov, not both", "option.value")
        core, points = self._fitted(), self._points(X)
        if return_cov:
            return core.predict_joint(points)
        mean, deviation = core.predict(points)
        return (mean, deviation) if return_std else mean

    def predict_gradient(self, X: npt.ArrayLike) -> tuple[Array, Array]:
        """Derivatives of mean and deviation by the inputs at q points: (q, d) each."""
        mean, deviation = self._fitted().predict_gradient(self._points(X))
        return mean, deviation

    def predict_noise(self, X: npt.ArrayLike) -> Array:
        """Variance of the noise of a new observation at q points: (q,).

        In squared units of y; of the transformed y when the transform is no straight line.
        """
        return np.asarray(self._fitted().noise_variance(self._points(X)))

    def log_density(self, X: npt.ArrayLike, y: npt.ArrayLike) -> Array:
        """Log predictive density of a new observation y at each of q points: (q,).

        Noise and the transform's Jacobian are in it: the score of a model on data it has not seen.
        NaN for transforms by rank, which have no density.
        """
        core, points = self._fitted(), self._points(X)
        return np.asarray(core.log_density(points, vector(y, "y", points.shape[0])))

    def sample_y(self, X: npt.ArrayLike, n_samples: int = 1, random_state: Any = 0) -> Array:
        """Functions drawn from the posterior, at q points: (q, n_samples)."""
        core, points = self._fitted(), self._points(X)
        count = integer(n_samples, "n_samples")
        return np.asarray(core.sample(points, count, random_seed(random_state))).T

    def loo(self) -> LeaveOneOut:
        """Each observation predicted from all others, at the fitted hyper-parameters.

        Rasmussen & Williams 2006, 5.4.2: from one factorization, not n fits.
        """
        return LeaveOneOut(**self._fitted().leave_one_out())

    def log_marginal_likelihood(
        self, theta: npt.ArrayLike | None = None, gradient: bool = False
    ) -> Any:
        """Log density of y, in its own units, at ``theta`` (the fitted when not given).

        With ``gradient``, also its derivatives by theta: ``(value, gradient)``. Priors are not in
        it.
        """
        core = self._fitted()
        at = np.empty(0) if theta is None else floats(theta, "theta").ravel()
        value, slopes = core.log_marginal_likelihood(at, gradient)
        return (value, slopes) if gradient else value

    def score(self, X: npt.ArrayLike, y: npt.ArrayLike) -> float:
        """Coefficient of determination R^2 of the mean; rows whose y is not finite do not count."""
        predicted = self.predict(X)
        values = vector(y, "y", len(predicted))
        ok = np.isfinite(values)
        if ok.sum() < 2:
            return float("nan")
        values, predicted = values[ok], predicted[ok]
        left = float(((values - predicted) ** 2).sum())
        total = float(((values - values.mean()) ** 2).sum())
        return 1 - left / total if total > 0 else float(left == 0)

    def diagnostics(self) -> dict[str, Any]:
        """What the model is, and everything that did not go the normal way (``fallbacks``).

        ``model`` and ``reason``, ``inference`` and ``transform`` as they were resolved, counts of
        ``observations``, ``failed`` and ``merged`` ones, ``members``, ``evaluations`` of the
        likelihood in the last fit, ``active_bounds``, ``jitter``, ``lifted_pivots``, ``rhat`` and
        ``effective_samples`` of samplers, ``suspects`` of ``noise="robust"``.
        """
        return dict(self._fitted().diagnostics())

    @property
    def members_(self) -> list[dict[str, Any]]:
        self._fitted()
        return [dict(each) for each in self._members]

    @property
    def lengthscale_(self) -> Array:
        return np.asarray(self._likeliest()["lengthscale"])

    @property
    def outputscale_(self) -> float:
        return float(self._likeliest()["outputscale"])

    @property
    def noise_variance_(self) -> float:
        return float(self._likeliest()["noise_variance"])

    @property
    def mean_(self) -> float:
        return float(self._likeliest()["mean"])

    @property
    def theta_(self) -> Array:
        return np.asarray(self._likeliest()["theta"])

    def _likeliest(self) -> dict[str, Any]:
        self._fitted()
        return max(self._members, key=lambda each: float(each["log_likelihood"]))

    def _refresh(self) -> None:
        self._members: list[dict[str, Any]] = list(self._core.hyperparameters())

    def _fitted(self) -> Any:
        if not self.__sklearn_is_fitted__():
            raise not_fitted("this GaussianProcess is not fitted; call fit(X, y) first")
        return self._core

    def _settings(self) -> tuple[Any, ...]:
        """What the library's options are made from: by name, then those that are arrays."""
        apart = ("lengthscale", "bounds", "categorical")
        named = {
            name: value
            for name, value in self.get_params().items()
            if name not in apart and value is not None
        }
        named["seed"] = integer(self.seed, "seed")
        lengthscale = np.empty(0) if self.lengthscale is None else self._numbers("lengthscale")
        bounds = np.empty((0, 2)) if self.bounds is None else self._numbers("bounds")
        if bounds.ndim != 2 or bounds.shape[1] != 2:
            raise OptionError(
                f"bounds has shape {bounds.shape}; give a row (low, high) for each input",
                "option.value",
            )
        categorical = [integer(each, "an entry of categorical") for each in self.categorical or ()]
        return named, np.atleast_1d(lengthscale).ravel(), bounds, categorical

    def _numbers(self, name: str) -> Array:
        given = getattr(self, name)
        try:
            return np.array(given, dtype=np.float64)
        except (TypeError, ValueError) as error:
            raise OptionError(f"{name} is {given!r}; give numbers", "option.value") from error

    def _points(self, X: Any) -> Array:
        """Rows for a fitted model, with as many columns as it has inputs, of the same names."""
        points = matrix(X, "X")
        if points.shape[1] != self.n_features_in_:
            raise PointError(
                f"X has {points.shape[1]} features, but GaussianProcess is expecting "
                f"{self.n_features_in_} features as input",
                "point.shape",
            )
        fitted, given = getattr(self, "feature_names_in_", None), column_names(X)
        if fitted is not None and given is not None and list(fitted) != list(given):
            raise PointError(
                "The feature names should match those that were passed during fit: "
                f"{', '.join(fitted)}; X has {', '.join(given)}",
                "point.names",
            )
        if fitted is None and given is not None:
            message = "X has feature names, but GaussianProcess was fitted without feature names"
            warnings.warn(message, stacklevel=3)
        if fitted is not None and given is None:
            message = (
                "X does not have valid feature names, but GaussianProcess was fitted with them"
            )
            warnings.warn(message, stacklevel=3)
        return points

    def _observe(self, name: str, X: Any, y: Any, noise_variance: Any) -> Any:
        core, x = self._fitted(), self._points(X)
        data = (x, vector(y, "y", len(x)), variances(noise_variance, len(x)))
        call: Callable[..., Any] = getattr(core, name)
        result = call(*data)
        self._calls.append((name, data))
        self.X_train_ = np.concatenate([self.X_train_, data[0]])
        self.y_train_ = np.concatenate([self.y_train_, data[1]])
        self._refresh()
        return result
