"""All figures of a report, from the cells that its methods share. Arrays name their axes: p
problems, m methods, s seeds, t evaluations."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .. import scoring
from ..incumbent import Paired, Scored, normalized, references
from ..results import Cell
from ..scoring import Array, Bootstrap, Interval

RESTARTS = 100  # simulated ones a problem and target
RESAMPLES = 10_000
ALPHA = 0.05  # of a single problem's test
ERT_TARGETS = (10.0, 1.0, 0.1, 1e-2, 1e-3)
COSTS = (0.0, 0.1, 1.0, 60.0)  # simulated seconds an evaluation
TOLERANCES = (1e-1, 1e-3)  # of the profiles

_BBOB = ("separable", "moderate", "ill-conditioned", "multimodal", "weak structure")
_BBOB_ENDS = (5, 9, 14, 19, 24)
_NOISY = ("moderate noise", "severe noise", "severe noise, multimodal")
_NOISY_ENDS = (106, 121, 130)


def group_of(label: str) -> str:
    """The function group of a BBOB function, and the suite of any other problem."""
    suite, _, rest = label.partition(":")[0].partition("/")
    number = re.fullmatch(r"f(\d+)", rest)
    if suite in ("bbob", "bbob-noisy", "bbob-mixint") and number:
        f = int(number[1])
        names, ends = (_BBOB, _BBOB_ENDS) if f <= 24 else (_NOISY, _NOISY_ENDS)
        name = next(name for name, end in zip(names, ends) if f <= end or end == ends[-1])
        return f"mixed-integer, {name}" if suite == "bbob-mixint" else name
    return suite


def groups_of(labels: list[str]) -> dict[str, list[int]]:
    """Indices of the problems of each group, BBOB's groups in their order."""
    found: dict[str, list[int]] = {}
    for index, label in enumerate(labels):
        found.setdefault(group_of(label), []).append(index)
    order = [*_BBOB, *_NOISY]
    known = [name for name in order if name in found]
    return {name: found[name] for name in [*known, *sorted(set(found) - set(known))]}


@dataclass
class Scores:
    """One entry or column a method, in the order of `paired.methods`."""

    paired: Paired
    ours: int
    groups: dict[str, list[int]]
    references: Array  # p: the value that normalized regret is 1 at
    reference_name: str
    final: Array  # p x m, median over seeds of the final regret
    quartiles: Array  # p x m x 2
    ratio: list[Array]  # p: s x m, final normalized regret
    log_regret: Bootstrap  # mean over p of log10 of the median run's
    anytime: Bootstrap
    bayesmark: Array | None  # m; None without random search
    ranks: Array
    runtimes: list[Array]  # p: m x (targets x restarts), evaluations a dimension
    length_runtimes: list[Array]  # the same to run-length targets
    expected: Array  # p x m x ERT_TARGETS, evaluations
    convergence: Array  # tolerances x p x m, evaluations
    against_ours: Array  # p x m, p value of Mann-Whitney
    against_best: Array  # p x m
    best: NDArray[np.intp]  # p

    @property
    def methods(self) -> list[str]:
        return self.paired.methods

    @property
    def span(self) -> float:
        """The most evaluations a dimension of any run."""
        paired = self.paired
        return max(float(paired.best[p].shape[2]) / paired.dimensions[p] for p in paired.problems)

    def area(self, method: int, problems: list[int]) -> float:
        """Under the ECDF of these problems, from one evaluation a dimension to the end."""
        times = np.concatenate([self.runtimes[p][method] for p in problems])
        return scoring.ecdf_area(times, 1, max(self.span, 1.001))

    def by_log_regret(self) -> list[int]:
        """The best method first."""
        return [int(m) for m in np.argsort(self.log_regret.estimate, kind="stable")]

    def difference(self, peer: int) -> Interval:
        """Of mean log10 regret, ours minus the peer's: below zero ours is better."""
        return self.log_regret.interval(self.ours, minus=peer)


def log10_clipped(ratio: Array) -> Array:
    return np.asarray(np.log10(np.clip(ratio, 1e-8, 10)))


def score(scored: Scored, paired: Paired, ours: str) -> Scores:
    regrets = [paired.regret(p) for p in paired.problems]
    finals = [paired.final_regret(p) for p in paired.problems]
    scale, name = references(scored, paired)
    ratio = [normalized(f, r).T for f, r in zip(finals, scale)]
    final = np.array([np.median(f, axis=1) for f in finals])
    mine = paired.methods.index(ours)
    best = np.argmin(final, axis=1)
    expected, convergence = _reached(paired, regrets)
    short = [np.asarray(scoring.SHORT_TARGETS)] * len(regrets)
    lengths = [
        scoring.run_length_targets(r, paired.dimensions[p])
        for p, r in zip(paired.problems, regrets)
    ]
    return Scores(
        paired=paired,
        ours=mine,
        groups=groups_of(paired.problems),
        references=scale,
        reference_name=name,
        final=final,
        quartiles=np.array([np.quantile(f, [0.25, 0.75], axis=1).T for f in finals]),
        ratio=ratio,
        log_regret=scoring.two_level_bootstrap(ratio, resamples=RESAMPLES, after=log10_clipped),
        anytime=scoring.two_level_bootstrap(
            [_anytime(r) for r in regrets], np.mean, resamples=RESAMPLES
        ),
        bayesmark=_bayesmark(scored, paired),
        ranks=scoring.mean_ranks(final),
        runtimes=_simulate(paired, regrets, short),
        length_runtimes=_simulate(paired, regrets, lengths),
        expected=expected,
        convergence=convergence,
        against_ours=_tests(finals, np.full(len(finals), mine)),
        against_best=_tests(finals, best),
        best=best,
    )


def _anytime(regret: Array) -> Array:
    """s x m."""
    return np.array([[scoring.anytime_score(run) for run in runs] for runs in regret]).T


def _bayesmark(scored: Scored, paired: Paired) -> Array | None:
    marks = []
    for p in paired.problems:
        pool = scored.curves[p].pool
        if not pool.size:
            return None
        clip = scoring.order_quantile(pool, 0.5)
        if clip > paired.optima[p]:
            finals = paired.final[p]
            marks.append([scoring.bayesmark_score(f, paired.optima[p], clip) for f in finals])
    return np.asarray(np.mean(marks, axis=0)) if marks else None


def _simulate(paired: Paired, regrets: list[Array], targets: list[Array]) -> list[Array]:
    """Runtimes of each method to every target; one random stream for all methods."""
    found = []
    for p, (problem, regret) in enumerate(zip(paired.problems, regrets)):
        hits = scoring.runtimes(regret, targets[p])  # m x s x targets
        drawn = np.empty((len(hits), hits.shape[2], RESTARTS))
        for m in range(len(hits)):
            for target in range(hits.shape[2]):
                rng = np.random.default_rng([p, target])
                drawn[m, target] = scoring.simulated_restarts(
                    hits[m, :, target], regret.shape[2], rng, RESTARTS
                )
        found.append(drawn.reshape(len(hits), -1) / paired.dimensions[problem])
    return found


def _reached(paired: Paired, regrets: list[Array]) -> tuple[Array, Array]:
    """ERT (p x m x targets) and convergence times of the median runs (tolerances x p x m)."""
    expected = np.empty((len(regrets), len(paired.methods), len(ERT_TARGETS)))
    times = np.empty((len(TOLERANCES), len(regrets), len(paired.methods)))
    for p, regret in enumerate(regrets):
        hits = scoring.runtimes(regret, ERT_TARGETS)
        for m in range(len(paired.methods)):
            for target in range(len(ERT_TARGETS)):
                expected[p, m, target] = scoring.expected_runtime(
                    hits[m, :, target], regret.shape[2]
                )
        median = np.median(regret, axis=1)
        start, least = float(np.median(median[:, 0])), float(median.min())
        for index, tolerance in enumerate(TOLERANCES):
            times[index, p] = [
                scoring.convergence_time(run, start, least, tolerance) for run in median
            ]
    return expected, times


def _tests(finals: list[Array], against: NDArray[np.intp]) -> Array:
    """p values (p x m) of each method's seeds against those of one method a problem."""
    found = np.ones((len(finals), len(finals[0])))
    for p, runs in enumerate(finals):
        other = runs[against[p]]
        for m, run in enumerate(runs):
            if m != against[p] and not np.array_equal(run, other):
                found[p, m] = scoring.mann_whitney(run, other).p
    return found


def wall_clock(scored: Scored, scores: Scores) -> Array:
    """costs x m: mean log10 normalized regret after the time that ours needs for its whole budget,
    when an evaluation takes so many seconds."""
    paired, ours = scores.paired, scores.methods[scores.ours]
    table = np.empty((len(COSTS), len(paired.problems), len(paired.methods)))
    for p, problem in enumerate(paired.problems):
        optimum, curves = paired.optima[problem], scored.curves[problem].incumbents
        for index, cost in enumerate(COSTS):
            clocks: dict[str, list[tuple[Array, Array]]] = {m: [] for m in paired.methods}
            for m in paired.methods:
                for seed in paired.seeds[problem]:
                    cell = Cell(m, problem, seed)
                    run = scored.results.runs[cell]
                    spent = np.cumsum(run.cost)
                    overhead = np.nancumsum(run.ask_seconds + run.tell_seconds)
                    # Before its first evaluation is done a method has nothing.
                    reached = np.append(np.inf, curves[cell])[_whole(spent, curves[cell].size)]
                    clocks[m].append((overhead + cost * spent, reached - optimum))
            ends = [clock[-1] for clock, _ in clocks[ours] if clock.size]
            limit = float(np.median(ends)) * (1 + 1e-9) if ends else 0.0
            for column, method in enumerate(paired.methods):
                at = [_at(clock, regret, limit) for clock, regret in clocks[method]]
                table[index, p, column] = normalized(np.array(np.median(at)), scores.references[p])
    return np.asarray(log10_clipped(table).mean(axis=1))


def _whole(spent: Array, size: int) -> NDArray[np.intp]:
    return np.minimum(np.floor(spent + 1e-9).astype(np.intp), size)


def _at(clock: Array, regret: Array, limit: float) -> float:
    done = int(np.searchsorted(clock, limit, side="right"))
    return float(regret[done - 1]) if done else np.inf
