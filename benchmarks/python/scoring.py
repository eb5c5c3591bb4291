"""Scores and tests for comparing optimizers. Everything is minimized.

A run is a series of values in the order of evaluation; `best` is its running minimum and `regret`
that minus the known optimum. Arrays name their axes in comments: p problems, m methods, s seeds,
t evaluations.

[1] Hansen, Auger, Ros, Mersmann, Tusar, Brockhoff (2021), COCO: a platform for comparing continuous
    optimizers in a black-box setting. Targets, ERT, simulated restarts, ECDF.
[2] More, Wild (2009), Benchmarking derivative-free optimization algorithms. Data profiles.
[3] Dolan, More (2002), Benchmarking optimization software with performance profiles.
[4] Demsar (2006), Statistical comparisons of classifiers over multiple data sets. Ranks and tests.
[5] Turner et al. (2021), Bayesian optimization is superior to random search. Normalized score.
[6] Vargha, Delaney (2000), the effect size A12.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

Array = NDArray[np.float64]

COCO_TARGETS: Array = 10.0 ** np.linspace(2, -8, 51)
# For budgets of a few dozen evaluations a dimension: nobody gets below 1e-3 on the harder half.
SHORT_TARGETS: Array = 10.0 ** np.linspace(2, -3, 26)
RUN_LENGTHS = (0.5, 1.2, 3.0, 10.0, 50.0)  # evaluations a dimension


def running_best(values: ArrayLike) -> Array:
    """The best so far, along the last axis; a NaN counts as no answer."""
    x = np.asarray(values, dtype=float)
    return np.minimum.accumulate(np.where(np.isnan(x), np.inf, x), axis=-1)


# --- scores of how good the found values are ---


def normalized_regret(best: ArrayLike, optimum: float, reference: ArrayLike) -> Array:
    """(best - optimum) / (reference - optimum) in [1e-8, 10]: 1 is the reference, as a rule the
    median of random search after equally many evaluations."""
    gap = np.asarray(reference, dtype=float) - optimum
    if np.any(gap <= 0):
        raise ValueError("normalized_regret: the reference must be worse than the optimum")
    return np.asarray(np.clip((np.asarray(best, dtype=float) - optimum) / gap, 1e-8, 10))


def log_regret_curve(best: Array, random: Array, optima: Array) -> Array:
    """mean over p of log10 of the normalized regret of the median run.

    best, random: p x s x t; optima: p. Returns t.
    """
    gain = np.median(best, axis=1) - optima[:, None]
    scale = np.median(random, axis=1) - optima[:, None]
    ratio = np.divide(gain, scale, out=np.ones_like(gain), where=scale > 0)
    return np.asarray(np.log10(np.clip(ratio, 1e-8, 10)).mean(axis=0))


def order_quantile(values: ArrayLike, q: float) -> float:
    """The ceil(n q)-th smallest of n values: an observed value, not an interpolated one."""
    x = np.sort(np.asarray(values, dtype=float).ravel())
    return float(x[max(math.ceil(x.size * q), 1) - 1])


def observed_optimum(values: ArrayLike) -> float:
    """A bound just below everything seen, for problems whose optimum nobody knows [5]."""
    least = float(np.min(np.asarray(values, dtype=float)))
    return least - 1e4 * float(np.spacing(abs(least)))


def expected_minimum(values: ArrayLike, draws: int) -> float:
    """The unbiased estimate of E[min of `draws` values] from n observed ones: the mean of the
    minimum over all subsets of that size."""
    x = np.sort(np.asarray(values, dtype=float))
    n = x.size
    if not 1 <= draws <= n:
        raise ValueError(f"expected_minimum: draws is {draws}; must be from 1 to {n}")
    weights = [math.comb(n - i, draws - 1) / math.comb(n, draws) for i in range(1, n + 1)]
    return float(np.dot(weights, x))


def bayesmark_score(finals: ArrayLike, optimum: float, clip: float) -> float:
    """100 (1 - mean normalized final value) of the runs of one problem [5]; 100 is the optimum and
    0 the value `clip`, the median of all evaluations of random search."""
    x = (np.asarray(finals, dtype=float) - optimum) / (clip - optimum)
    return 100 * (1 - float(np.mean(np.clip(x, -1, 1))))


def anytime_score(regret: ArrayLike, low: float = -8, high: float = 2) -> float:
    """Mean over the evaluations of how far log10(regret) has come from `high` (0) to `low` (1): the
    area over the convergence curve, AOCC."""
    with np.errstate(divide="ignore"):
        log = np.log10(np.maximum(np.asarray(regret, dtype=float), 0))
    return float(np.mean(1 - (np.clip(log, low, high) - low) / (high - low)))


# --- runtimes: evaluations until a target ---


def runtimes(regret: ArrayLike, targets: ArrayLike) -> Array:
    """Evaluations until each target, infinity where it was missed.

    regret: ... x t; returns ... x targets.
    """
    best = running_best(regret)[..., None, :] <= np.asarray(targets, dtype=float)[:, None]
    return np.where(best.any(axis=-1), best.argmax(axis=-1) + 1.0, np.inf)


def run_length_targets(
    regret: ArrayLike, dimension: int, budgets: Sequence[float] = RUN_LENGTHS
) -> Array:
    """What the best method has reached, in its median run, after each of these evaluations a
    dimension [1]: targets that suit a problem's difficulty. Budgets beyond the runs are left out.

    regret: m x s x t.
    """
    least = np.median(running_best(regret), axis=1).min(axis=0)
    at = [math.ceil(b * dimension) for b in budgets]
    return np.array([least[t - 1] for t in at if 1 <= t <= least.size], dtype=float)


def expected_runtime(times: ArrayLike, budgets: ArrayLike) -> float:
    """ERT [1]: evaluations of all runs, until the target or the budget, per success. `times` holds
    infinity for failures."""
    t = np.asarray(times, dtype=float)
    spent = np.where(np.isfinite(t), t, np.broadcast_to(np.asarray(budgets, dtype=float), t.shape))
    successes = int(np.isfinite(t).sum())
    return float(spent.sum() / successes) if successes else math.inf


def simulated_restarts(
    times: ArrayLike, budgets: ArrayLike, rng: np.random.Generator, count: int = 100
) -> Array:
    """`count` runtimes of a method that draws runs until one succeeds and pays for the failures."""
    t = np.asarray(times, dtype=float)
    paid = np.broadcast_to(np.asarray(budgets, dtype=float), t.shape)
    if not np.isfinite(t).any():
        return np.full(count, np.inf)
    total = np.zeros(count)
    waiting = np.arange(count)
    while waiting.size:
        run = rng.integers(t.size, size=waiting.size)
        failed = ~np.isfinite(t[run])
        total[waiting] += np.where(failed, paid[run], t[run])
        waiting = waiting[failed]
    return total


def ecdf(times: ArrayLike, at: ArrayLike) -> Array:
    """Share of `times` that are <= each entry of `at`; infinite times are never reached."""
    t = np.sort(np.asarray(times, dtype=float).ravel())
    return np.asarray(np.searchsorted(t, np.asarray(at, dtype=float), side="right") / t.size)


def ecdf_area(times: ArrayLike, start: float, end: float) -> float:
    """Mean height of the ECDF between two counts of evaluations, on the logarithmic axis: exact,
    the curve being a step function."""
    if not 0 < start < end:
        raise ValueError(f"ecdf_area: needs 0 < start < end, got {start} and {end}")
    t = np.clip(np.asarray(times, dtype=float).ravel(), start, end)
    return float(np.mean(np.log(end / t)) / math.log(end / start))


def performance_profile(times: ArrayLike, ratios: ArrayLike) -> Array:
    """Share of problems that each method solves within `ratio` times the fastest one [3].

    times: p x m, infinity where unsolved; returns m x ratios.
    """
    t = np.asarray(times, dtype=float)
    with np.errstate(invalid="ignore"):
        relative = np.where(np.isfinite(t), t / t.min(axis=1, keepdims=True), np.inf)
    return np.asarray((relative[:, :, None] <= np.asarray(ratios, dtype=float)).mean(axis=0))


def data_profile(times: ArrayLike, dimensions: ArrayLike, budgets: ArrayLike) -> Array:
    """Share of problems that each method solves within `budget` (d + 1) evaluations [2].

    times: p x m; dimensions: p; returns m x budgets.
    """
    gradients = np.asarray(times, dtype=float) / (np.asarray(dimensions, dtype=float) + 1)[:, None]
    return np.asarray((gradients[:, :, None] <= np.asarray(budgets, dtype=float)).mean(axis=0))


def convergence_time(best: ArrayLike, start: float, least: float, tolerance: float) -> float:
    """Evaluations until start - best >= (1 - tolerance)(start - least), the test of [2]."""
    limit = start - (1 - tolerance) * (start - least)
    return float(runtimes(np.asarray(best, dtype=float), [limit])[0])


# --- ranks and tests ---


def mean_ranks(table: ArrayLike) -> Array:
    """Average rank of each method, 1 the best. table: p x m; values within 1e-9 of each other,
    relative, share their rank."""
    ranks = [_ranks(row) for row in np.asarray(table, dtype=float)]
    return np.asarray(np.mean(ranks, axis=0))


def _ranks(row: Array) -> Array:
    order = np.argsort(row, kind="stable")
    groups = np.zeros(row.size)
    group = 0
    for previous, current in zip(order, order[1:]):
        group += bool(_difference(row[current], row[previous]))
        groups[current] = group
    return np.asarray(stats.rankdata(groups), dtype=float)


def _difference(a: Array, b: Array) -> Array:
    """a - b, zero where they are within 1e-9 of each other, relative."""
    with np.errstate(invalid="ignore"):
        size = np.maximum(np.abs(a), np.abs(b))
        tied = ((np.abs(a - b) <= 1e-9 * size) & np.isfinite(size)) | (a == b)
        return np.where(tied, 0, a - b)


@dataclass(frozen=True)
class Friedman:
    """Do the methods differ at all? The F of Iman and Davenport is the sharper of the two [4]."""

    chi_square: float
    chi_square_p: float
    f: float
    f_p: float


def friedman(table: ArrayLike) -> Friedman:
    """table: p x m, at least three methods."""
    ranks = np.array([_ranks(row) for row in np.asarray(table, dtype=float)])
    n, k = ranks.shape
    result = stats.friedmanchisquare(*ranks.T)
    rest = n * (k - 1) - float(result.statistic)
    f = (n - 1) * float(result.statistic) / rest if rest > 0 else math.inf
    p = float(stats.f.sf(f, k - 1, (k - 1) * (n - 1)))
    return Friedman(float(result.statistic), float(result.pvalue), f, p)


def critical_difference(methods: int, problems: int, alpha: float = 0.05) -> float:
    """Nemenyi: mean ranks further apart than this differ [4]."""
    q = float(stats.studentized_range.ppf(1 - alpha, methods, np.inf)) / math.sqrt(2)
    return q * math.sqrt(methods * (methods + 1) / (6 * problems))


@dataclass(frozen=True)
class Test:
    """A two-sample or paired test; `exact` says whether p comes from the exact distribution."""

    statistic: float
    p: float
    exact: bool


def wilcoxon(differences: ArrayLike, alternative: str = "two-sided") -> Test:
    """Signed ranks of paired differences. Zeros are dropped; exact up to 25 without ties, else
    normal with corrections for continuity and ties."""
    d = np.asarray(differences, dtype=float)
    d = d[d != 0]
    if d.size == 0:
        return Test(0.0, 1.0, True)
    exact = d.size <= 25 and np.unique(np.abs(d)).size == d.size
    result = stats.wilcoxon(
        d,
        alternative=alternative,
        correction=not exact,
        method="exact" if exact else "asymptotic",
    )
    return Test(float(result.statistic), float(result.pvalue), exact)


def mann_whitney(a: ArrayLike, b: ArrayLike) -> Test:
    """Two-sided test that two sets of runs of one problem differ; U counts the pairs a > b."""
    x, y = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    both = np.concatenate([x, y])
    exact = np.unique(both).size == both.size and min(x.size, y.size) <= 25
    result = stats.mannwhitneyu(x, y, method="exact" if exact else "asymptotic")
    return Test(float(result.statistic), float(result.pvalue), exact)


def effect_size(a: ArrayLike, b: ArrayLike) -> float:
    """A12 [6]: the probability that a run of a is better than one of b; ties count half."""
    x = np.asarray(a, dtype=float)[:, None]
    y = np.asarray(b, dtype=float)[None, :]
    return float(np.mean((x < y) + 0.5 * (x == y)))


def holm(p_values: ArrayLike) -> Array:
    """Holm's adjusted p values, in the order given."""
    p = np.asarray(p_values, dtype=float)
    order = np.argsort(p, kind="stable")
    scaled = p[order] * np.arange(p.size, 0, -1)
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(np.maximum.accumulate(scaled), 1)
    return adjusted


# --- how sure ---


@dataclass(frozen=True)
class Interval:
    estimate: float
    low: float
    high: float
    standard_error: float


@dataclass(frozen=True)
class Bootstrap:
    """Resampled means over problems, one column a method; columns share their draws, so that
    differences between them can be judged too."""

    estimate: Array  # m
    draws: Array  # resamples x m

    def interval(self, column: int = 0, minus: int | None = None, level: float = 0.95) -> Interval:
        """Percentile interval of a column, or of its difference from another."""
        estimate, draws = self.estimate[column], self.draws[:, column]
        if minus is not None:
            estimate, draws = estimate - self.estimate[minus], draws - self.draws[:, minus]
        low, high = np.quantile(draws, [(1 - level) / 2, (1 + level) / 2])
        return Interval(float(estimate), float(low), float(high), float(draws.std(ddof=1)))


def median(values: Array, axis: int = -1) -> Array:
    """np.median of values without NaN, four times as fast on many short rows."""
    x = np.moveaxis(np.sort(values, axis=axis), axis, -1)
    n = x.shape[-1]
    low, high = x[..., (n - 1) // 2], x[..., n // 2]
    return np.where(low == high, low, (low + high) / 2)


def two_level_bootstrap(
    values: Sequence[ArrayLike],
    within: Callable[..., Array] = median,
    resamples: int = 10_000,
    seed: int = 0,
    after: Callable[[Array], Array] | None = None,
) -> Bootstrap:
    """The mean over problems of `within` (np.mean or median) over seeds, with problems
    resampled, and seeds within each drawn problem.

    values: for each problem s or s x m, where s may differ; `after` maps what `within` gave, as a
    logarithm does.
    """
    tables = [np.asarray(v, dtype=float).reshape(len(np.asarray(v)), -1) for v in values]
    finish = after or (lambda x: x)
    rng = np.random.default_rng(seed)
    drawn = rng.integers(len(tables), size=(resamples, len(tables)))
    total = np.zeros((resamples, tables[0].shape[1]))
    for p, table in enumerate(tables):
        # Each time that a problem is drawn it gets seeds of its own.
        sample = np.nonzero(drawn == p)[0]
        seeds = rng.integers(len(table), size=(sample.size, len(table)))
        np.add.at(total, sample, finish(within(table.T[:, seeds], axis=-1).T))
    estimate = np.mean([finish(within(table, axis=0)) for table in tables], axis=0)
    return Bootstrap(np.asarray(estimate, dtype=float), total / len(tables))


def median_interval(values: ArrayLike, confidence: float = 0.95) -> tuple[float, float, float]:
    """Order statistics (low, high) around the median and their coverage, the narrowest symmetric
    pair of at least `confidence`; the extremes when there are too few values for that."""
    x = np.sort(np.asarray(values, dtype=float))
    n = x.size
    rank, coverage = 1, 1 - 2 * float(stats.binom.cdf(0, n, 0.5))
    for candidate in range(2, (n + 1) // 2 + 1):
        wider = 1 - 2 * float(stats.binom.cdf(candidate - 1, n, 0.5))
        if wider < confidence:
            break
        rank, coverage = candidate, wider
    return float(x[rank - 1]), float(x[n - rank]), coverage


@dataclass(frozen=True)
class Comparison:
    """Ours against one peer, over problems; p is adjusted for the number of peers."""

    peer: str
    wins: int
    losses: int
    rank_difference: float  # > 0: ours has the better mean rank
    p: float
    exact: bool
    beats: bool
    beaten: bool  # the same claim the other way round


def compare(
    table: ArrayLike, methods: Sequence[str], ours: str, alpha: float = 0.01
) -> list[Comparison]:
    """table: p x m of seed medians. "beats" needs 20 problems, Holm-adjusted p < alpha, and a mean
    rank better by more than the critical difference."""
    x = np.asarray(table, dtype=float)
    mine = list(methods).index(ours)
    peers = [i for i in range(len(methods)) if i != mine]
    if not peers:
        return []
    ranks = mean_ranks(x)
    tests = [wilcoxon(_difference(x[:, mine], x[:, i])) for i in peers]
    distance = critical_difference(len(methods), len(x))
    found = []
    for i, test, p in zip(peers, tests, holm([test.p for test in tests])):
        difference = _difference(x[:, mine], x[:, i])
        ahead = float(ranks[i] - ranks[mine])
        claim = bool(len(x) >= 20 and p < alpha and abs(ahead) > distance)
        found.append(
            Comparison(
                peer=methods[i],
                wins=int((difference < 0).sum()),
                losses=int((difference > 0).sum()),
                rank_difference=ahead,
                p=float(p),
                exact=test.exact,
                beats=claim and ahead > 0,
                beaten=claim and ahead < 0,
            )
        )
    return found


def win_shares(table: ArrayLike) -> Array:
    """m x m: the share of problems on which the row's median is better than the column's; a tie
    counts half."""
    x = np.asarray(table, dtype=float).T
    difference = _difference(x[:, None, :], x[None, :, :])
    return np.asarray(((difference < 0) + 0.5 * (difference == 0)).mean(axis=2), dtype=float)
