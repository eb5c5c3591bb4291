"""Curves of the incumbent, the value a run would hand over after t evaluations, from raw runs.

What an incumbent is depends on the problem:
    plain               the least value so far
    noisy               the noise-free value of the point whose observed value is least; at the end
                        that of the recommended point, where the method names one
    constrained         the least feasible value; before there is one, the worst feasible value of
                        random search plus the least violation
    several objectives  minus the hypervolume of the feasible points so far
    multi-fidelity      the least value at full cost, after t units of full cost in total
A run that stopped early keeps its incumbent. While all evaluations have failed, the incumbent is
the worst finite value that random search met.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

import numpy as np
from numpy.typing import NDArray

from .multi_objective import running_hypervolume
from .results import Array, Cell, Facts, Results, Run
from .scoring import observed_optimum

# A cost below this is one of a lower fidelity.
_FULL_COST = 1 - 1e-9


@dataclass
class Curves:
    """The finished runs of one problem."""

    incumbents: dict[Cell, Array]  # one entry a unit of the budget
    finals: dict[Cell, float]
    observed: dict[Cell, Array]  # of noisy problems: the least value, noise included
    optimum: float
    optimum_known: bool  # False: a bound just below the best value seen
    pool: Array  # what each evaluation of random search was worth; failures are the worst of them


def curves(problem: str, results: Results) -> Curves:
    """ValueError when the problem cannot be scored."""
    facts = results.facts[problem]
    runs = results.on(problem)
    name = results.random
    random = [run for cell, run in runs.items() if cell.method == name]
    penalty = _worst([_worth(run, facts) for run in random or runs.values()], problem)
    incumbents = {cell: _incumbent(run, facts, penalty) for cell, run in runs.items()}
    finals = {
        cell: float(incumbents[cell][-1] if np.isnan(run.recommended) else run.recommended)
        for cell, run in runs.items()
    }
    observed = {}
    if _has_noise(facts):
        exact = Facts(facts.dimension, facts.budget, constraints=facts.constraints)
        observed = {cell: _incumbent(run, exact, penalty) for cell, run in runs.items()}
    seen = np.concatenate([*incumbents.values(), np.array(list(finals.values()))])
    optimum, known = _optimum(facts, seen)
    pool = [np.where(np.isfinite(w), w, penalty) for w in (_worth(r, facts) for r in random)]
    return Curves(
        incumbents, finals, observed, optimum, known, np.concatenate([np.empty(0), *pool])
    )


def _has_noise(facts: Facts) -> bool:
    return facts.noisy and facts.objectives == 1


def _optimum(facts: Facts, seen: Array) -> tuple[float, bool]:
    known = -facts.hypervolume if facts.objectives > 1 else facts.optimum
    if np.isnan(known):
        return observed_optimum(seen), False
    if not facts.proven and seen.min() < known:
        return float(seen.min()), True
    return known, True


def _feasible(run: Run) -> NDArray[np.bool_]:
    finite = np.isfinite(run.values).all(axis=1)
    return cast(NDArray[np.bool_], finite & (run.constraints <= 0).all(axis=1))


def _worth(run: Run, facts: Facts) -> Array:
    """What each evaluation is worth alone; infinity when it failed or is infeasible."""
    if facts.objectives > 1:
        reference = np.array(facts.reference_point)
        value = -np.prod(np.maximum(reference - run.values, 0), axis=1)
    elif _has_noise(facts):
        value = run.true
    else:
        value = run.values[:, 0]
    return np.where(_feasible(run) & (run.cost >= _FULL_COST), value, np.inf)


def _worst(worths: Sequence[Array], problem: str) -> float:
    told = np.concatenate(list(worths))
    told = told[np.isfinite(told)]
    if not told.size:
        raise ValueError(f"{problem}: no evaluation of random search gave a feasible value")
    return float(told.max())


def _incumbent(run: Run, facts: Facts, penalty: float) -> Array:
    """One entry a unit of the budget."""
    if facts.objectives > 1:
        counts = _feasible(run) & (run.cost >= _FULL_COST)
        curve = -running_hypervolume(run.values, facts.reference_point, counts)
    else:
        ranked = _worth(run, Facts(facts.dimension, facts.budget))  # by what the method could see
        best = _running_argmin(ranked)
        shown = run.true if _has_noise(facts) else run.values[:, 0]
        nothing = penalty + _least_violation(run)
        curve = np.where(np.isfinite(ranked[best]), shown[best], nothing) if best.size else ranked
    return _on_grid(curve, run.cost, int(facts.budget), penalty)


def _running_argmin(values: Array) -> NDArray[np.intp]:
    least = np.minimum.accumulate(values)
    new = np.append(True, least[1:] < least[:-1]) if values.size else np.empty(0, bool)
    return cast(NDArray[np.intp], np.maximum.accumulate(np.where(new, np.arange(values.size), 0)))


def _least_violation(run: Run) -> Array:
    """The least sum of violated constraints so far; 0 where all that was told is infinite."""
    total = np.maximum(run.constraints, 0).sum(axis=1)
    least = np.minimum.accumulate(total)
    return np.where(np.isfinite(least), least, 0)


def _on_grid(curve: Array, cost: Array, budget: int, start: float) -> Array:
    """The curve after 1, 2, ... budget units of cost; `start` before the first evaluation."""
    at = np.searchsorted(np.cumsum(cost), np.arange(1, budget + 1) * (1 + 1e-9), side="right")
    return np.append(start, curve)[at]


@dataclass
class Paired:
    """What a set of methods share: for every problem the seeds that all of them finished."""

    methods: list[str]
    problems: list[str]
    seeds: dict[str, list[int]]
    best: dict[str, Array]  # m x s x t, incumbents
    final: dict[str, Array]  # m x s
    optima: dict[str, float]
    dimensions: dict[str, int]
    left_out: dict[str, list[Cell]] = field(default_factory=dict)  # method: its unshared cells

    def regret(self, problem: str) -> Array:
        """m x s x t, never below zero by rounding."""
        return np.maximum(self.best[problem] - self.optima[problem], 0)

    def final_regret(self, problem: str) -> Array:
        """m x s."""
        return np.maximum(self.final[problem] - self.optima[problem], 0)


class Scored:
    """Results with the curves of every problem that can be scored."""

    def __init__(self, results: Results) -> None:
        self.results = results
        self.curves: dict[str, Curves] = {}
        self.unscored: dict[str, str] = {}  # problem: why
        for problem in results.problems:
            try:
                self.curves[problem] = curves(problem, results)
            except ValueError as error:
                self.unscored[problem] = str(error)

    def shared(self, methods: Sequence[str]) -> Paired:
        """What these methods have in common. ValueError when that is nothing."""
        problems, seeds = [], {}
        for problem in self.curves:
            known = self.curves[problem].incumbents
            common = set.intersection(
                *({cell.seed for cell in known if cell.method == m} for m in methods)
            )
            if common:
                problems.append(problem)
                seeds[problem] = sorted(common)
        if not problems:
            raise ValueError(
                f"{self.results.folder}: no problem and seed was finished by all of "
                f"{', '.join(methods)}"
            )

        def cells(problem: str) -> list[list[Cell]]:
            return [[Cell(m, problem, s) for s in seeds[problem]] for m in methods]

        used = {p: cells(p) for p in problems}
        taken = {cell for p in problems for row in used[p] for cell in row}
        of = self.curves
        return Paired(
            methods=list(methods),
            problems=problems,
            seeds=seeds,
            best={
                p: np.array([[of[p].incumbents[c] for c in row] for row in used[p]])
                for p in problems
            },
            final={
                p: np.array([[of[p].finals[c] for c in row] for row in used[p]]) for p in problems
            },
            optima={p: of[p].optimum for p in problems},
            dimensions={p: self.results.facts[p].dimension for p in problems},
            left_out={
                m: [c for c in sorted(self.results.of(m)) if c not in taken] for m in methods
            },
        )


def references(scored: Scored, paired: Paired) -> tuple[Array, str]:
    """For each problem the regret that counts as 1: that of the median run of random search, or
    else of all methods' first evaluations. And the name of it."""
    random = scored.results.random
    found = []
    for p in paired.problems:
        cells = [c for c in scored.curves[p].finals if c.method == random]
        found.append([scored.curves[p].finals[c] - paired.optima[p] for c in cells])
    if all(found):
        return np.array([np.median(each) for each in found]), f"the median run of {random}"
    first = [np.median(paired.regret(p)[:, :, 0]) for p in paired.problems]
    return np.array(first), "the median first evaluation (random search is missing)"


def normalized(regret: Array, reference: float) -> Array:
    """Regret over that of the reference, in [1e-8, 10]; 1 where both are zero."""
    if reference > 0:
        return np.clip(regret / reference, 1e-8, 10)
    return np.where(regret > 0, 10.0, 1.0)
