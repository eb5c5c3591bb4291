"""The hyper-parameter tuning problems of Bayesmark (Turner et al. 2021, "Bayesian optimization is
superior to random search for machine learning hyperparameter tuning"), on today's scikit-learn.

The value is the mean loss of a 5-fold cross-validation on 80 % of a data set (split shuffled with
seed 0); ``task(name).generalization(x)`` is the loss on the other 20 % after training on the 80 %.

Where this differs from Bayesmark 0.0.8: boston has left scikit-learn, friedman1 (500 points, noise
1) stands in for it; ``normalize`` has gone from lasso and linear; every model has random_state 0,
so that the value is a function of the point; probabilities of the SVM come from a sigmoid on
cross-validated decisions (CalibratedClassifierCV), since those of SVC are leaving scikit-learn;
several classes are one liblinear model each. A parameter on a logit scale is given as its logit
(``logit_max_features``), a real coordinate that is the same for all methods. A model that cannot be
fitted, or whose loss is not finite, has the value NaN: the evaluation failed.

Evaluations are kept in the folder that ASKTELL_BENCH_CACHE names, if it is set.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import warnings
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from asktell._space import Boolean, Integer, Parameter, Real, Space

from .._problems import Array, Facts, Outcome, register_problem
from ._requirements import package

SCIKIT_LEARN = "scikit-learn==1.9.1"
BUDGET = 128  # 16 rounds of 8, as in the competition of 2020
FOLDS = 5
LOGIT = "logit_"

CLASSIFICATION = ("breast", "digits", "iris", "wine")
REGRESSION = ("diabetes", "friedman1")
METRICS = {"nll": "neg_log_loss", "acc": "accuracy"}
REGRESSION_METRICS = {"mae": "neg_mean_absolute_error", "mse": "neg_mean_squared_error"}

Ranges = dict[str, Parameter]


def _logit(low: float, high: float) -> Real:
    return Real(math.log(low / (1 - low)), math.log(high / (1 - high)))


def _log(low: float, high: float) -> Real:
    return Real(low, high, log=True)


_TREE: Ranges = {
    "max_depth": Integer(1, 15),
    "logit_min_samples_split": _logit(0.01, 0.99),
    "logit_min_samples_leaf": _logit(0.01, 0.49),
    "logit_min_weight_fraction_leaf": _logit(0.01, 0.49),
    "logit_max_features": _logit(0.01, 0.99),
    "min_impurity_decrease": Real(0.0, 0.5),
}
_MLP: Ranges = {
    "hidden_layer_sizes": Integer(50, 200),
    "alpha": _log(1e-5, 1e1),
    "batch_size": Integer(10, 250),
    "learning_rate_init": _log(1e-5, 1e-1),
    "tol": _log(1e-5, 1e-1),
    "logit_validation_fraction": _logit(0.1, 0.9),
}
_LOGISTIC: Ranges = {"C": _log(1e-2, 1e2), "intercept_scaling": _log(1e-2, 1e2)}
_ADA: Ranges = {"n_estimators": Integer(10, 100), "learning_rate": _log(1e-4, 1e1)}
_RIDGE: Ranges = {
    "alpha": _log(1e-2, 1e2),
    "fit_intercept": Boolean(),
    "max_iter": Integer(10, 5000, log=True),
    "tol": _log(1e-4, 1e-1),
}

# Ranges of Bayesmark's sklearn_funcs.py; the linear models of regression have their own.
MODELS: dict[str, Ranges] = {
    "knn": {"n_neighbors": Integer(1, 25), "p": Integer(1, 4)},
    "svm": {"C": _log(1.0, 1e3), "gamma": _log(1e-4, 1e-3), "tol": _log(1e-5, 1e-1)},
    "dt": _TREE,
    "rf": _TREE,
    "mlp-adam": {
        **_MLP,
        "logit_beta_1": _logit(0.5, 0.99),
        "logit_beta_2": _logit(0.9, 1 - 1e-6),
        "epsilon": _log(1e-9, 1e-6),
    },
    "mlp-sgd": {
        **_MLP,
        "logit_power_t": _logit(0.1, 0.9),
        "logit_momentum": _logit(0.001, 0.999),
    },
    "ada": _ADA,
    "lasso": _LOGISTIC,
    "linear": _LOGISTIC,
}
REGRESSION_MODELS: dict[str, Ranges] = {
    **MODELS,
    "lasso": {**_RIDGE, "tol": _log(1e-5, 1e-1), "positive": Boolean()},
    "linear": _RIDGE,
}


@dataclass(frozen=True)
class Task:
    """A model to tune on a data set, by a metric."""

    model: str
    dataset: str
    metric: str

    @property
    def name(self) -> str:
        return f"{self.model}-{self.dataset}-{self.metric}"

    @property
    def classifies(self) -> bool:
        return self.dataset in CLASSIFICATION

    @property
    def space(self) -> Space:
        return Space((MODELS if self.classifies else REGRESSION_MODELS)[self.model])

    def settings(self, x: Array) -> dict[str, Any]:
        """Arguments of the scikit-learn model; PointError for a vector outside of the space."""
        params = self.space._core.params([float(each) for each in x])
        settings = {}
        for key, value in params.items():
            plain = key.removeprefix(LOGIT) if key.startswith(LOGIT) else ""
            settings[plain or key] = 1 / (1 + math.exp(-value)) if plain else value
        return settings

    def loss(self, x: Array) -> float:
        """The cross-validated loss, which an optimizer sees; NaN where a fit failed."""
        return self._cached("visible", x)

    def generalization(self, x: Array) -> float:
        """The loss on data that the cross-validation never saw; not for an optimizer."""
        return self._cached("generalization", x)

    def _cached(self, which: str, x: Array) -> float:
        settings = self.settings(x)
        folder = os.environ.get("ASKTELL_BENCH_CACHE")
        if not folder:
            return self._computed(which, settings)
        version = package("sklearn", SCIKIT_LEARN, self.name).__version__
        key = json.dumps([self.name, which, settings, version], sort_keys=True)
        digest = hashlib.sha256(key.encode()).hexdigest()
        path = Path(folder) / "bayesmark" / digest[:2] / f"{digest[2:]}.json"
        try:
            return float(json.loads(path.read_text(encoding="utf-8"))["loss"])
        except (OSError, ValueError, KeyError, TypeError):  # absent, or torn by a killed process
            loss = self._computed(which, settings)
        path.parent.mkdir(parents=True, exist_ok=True)
        whole = path.with_suffix(f".{os.getpid()}")
        whole.write_text(json.dumps({"key": key, "loss": loss}), encoding="utf-8")
        whole.replace(path)  # readers in other processes see all of it or nothing
        return loss

    def _computed(self, which: str, settings: dict[str, Any]) -> float:
        selection = package("sklearn.model_selection", SCIKIT_LEARN, self.name)
        metrics = package("sklearn.metrics", SCIKIT_LEARN, self.name)
        scorer = metrics.get_scorer({**METRICS, **REGRESSION_METRICS}[self.metric])
        x, unseen_x, y, unseen_y = _split(self.dataset)
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")  # of fits that did not converge: part of the problem
            try:
                model = _model(self, settings)
                if which == "visible":
                    scores = selection.cross_val_score(
                        model, x, y, scoring=scorer, cv=FOLDS, error_score="raise"
                    )
                    loss = -float(np.mean(scores))
                else:
                    loss = -float(scorer(model.fit(x, y), unseen_x, unseen_y))
            except (ValueError, ArithmeticError, np.linalg.LinAlgError):
                return math.nan
        return loss if math.isfinite(loss) else math.nan


def task(name: str) -> Task:
    """The task of a problem, by "bayesmark/svm-wine-nll" or "svm-wine-nll"."""
    parts = name.rpartition("/")[2].rsplit("-", 2)
    if len(parts) == 3 and Task(*parts) in _TASKS:
        return Task(*parts)
    raise ValueError(f'"{name}" is no Bayesmark task; one is "bayesmark/svm-wine-nll"')


@cache
def _split(dataset: str) -> tuple[Any, Any, Any, Any]:
    """Features to train on, unseen ones, and the targets of both."""
    datasets = package("sklearn.datasets", SCIKIT_LEARN, dataset)
    selection = package("sklearn.model_selection", SCIKIT_LEARN, dataset)
    if dataset == "friedman1":
        x, y = datasets.make_friedman1(n_samples=500, noise=1.0, random_state=0)
    else:
        load = getattr(datasets, "load_breast_cancer" if dataset == "breast" else f"load_{dataset}")
        x, y = load(return_X_y=True)
    split = selection.train_test_split(x, y, test_size=0.2, random_state=0, shuffle=True)
    return tuple(split)


def _model(task: Task, settings: dict[str, Any]) -> Any:
    """The scikit-learn estimator of a task; Bayesmark's fixed arguments."""
    suffix = "Classifier" if task.classifies else "Regressor"

    def estimator(module: str, name: str, **fixed: Any) -> Any:
        found = getattr(package(f"sklearn.{module}", SCIKIT_LEARN, task.name), name)
        return found(**fixed, **settings)

    if task.model == "knn":
        return estimator("neighbors", f"KNeighbors{suffix}")
    if task.model == "dt":
        return estimator("tree", f"DecisionTree{suffix}", random_state=0)
    if task.model == "rf":
        name = f"RandomForest{suffix}"
        return estimator("ensemble", name, n_estimators=10, random_state=0)
    if task.model == "ada":
        return estimator("ensemble", f"AdaBoost{suffix}", random_state=0)
    if task.model.startswith("mlp"):
        fixed: dict[str, Any] = {"early_stopping": True, "random_state": 0}
        if task.model == "mlp-adam":
            return estimator("neural_network", f"MLP{suffix}", solver="adam", **fixed)
        fixed["activation"] = "relu" if task.classifies else "tanh"  # relu often diverges there
        return estimator(
            "neural_network", f"MLP{suffix}", solver="sgd", learning_rate="invscaling", **fixed
        )
    if task.model == "svm":
        return _support_vectors(task, estimator)
    if not task.classifies:
        name = "Lasso" if task.model == "lasso" else "Ridge"
        return estimator("linear_model", name, random_state=0)
    l1_ratio = 1.0 if task.model == "lasso" else 0.0
    logistic = estimator(
        "linear_model", "LogisticRegression", solver="liblinear", l1_ratio=l1_ratio, random_state=0
    )
    multiclass = package("sklearn.multiclass", SCIKIT_LEARN, task.name)
    return multiclass.OneVsRestClassifier(logistic)


def _support_vectors(task: Task, estimator: Any) -> Any:
    if not task.classifies:
        return estimator("svm", "SVR", kernel="rbf")
    machine = estimator("svm", "SVC", kernel="rbf", random_state=0)
    if task.metric != "nll":
        return machine
    calibration = package("sklearn.calibration", SCIKIT_LEARN, task.name)
    return calibration.CalibratedClassifierCV(machine, ensemble=False)


def _register(task: Task) -> None:
    @register_problem(
        f"bayesmark/{task.name}",
        f"{FOLDS}-fold {task.metric} of {task.model} on {task.dataset}, by its hyper-parameters",
        reference="Turner et al. 2021, NeurIPS 2020 competition track; Bayesmark 0.0.8",
    )
    def make() -> tuple[Facts, Any]:
        package("sklearn", SCIKIT_LEARN, f'problem "bayesmark/{task.name}"')
        facts = Facts(space=task.space, proven=False, budget=BUDGET)
        return facts, lambda x: Outcome((task.loss(x),))


_TASKS = tuple(
    Task(model, dataset, metric)
    for model in MODELS
    for datasets, metrics in (
        (CLASSIFICATION, METRICS),
        (REGRESSION, REGRESSION_METRICS),
    )
    for dataset in datasets
    for metric in metrics
)
for _task in _TASKS:
    _register(_task)
