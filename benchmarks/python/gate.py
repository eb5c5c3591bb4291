"""Whether a solver of ours became worse: final normalized regrets of a run against a baseline that
is committed, judged by the two-level bootstrap of scoring.py.

A baseline holds the optimum and the regret that counts as 1 of each problem, so that a change of
random search or a new best value moves nothing else, and each solver's normalized final regrets:

    {"format": 1, "problems": {problem: {"optimum": 79.48, "reference": 3.1}},
     "regrets": {solver: {problem: {"1": 0.02, ...}}}}
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from .incumbent import Scored, normalized, references
from .results import Results
from .scoring import two_level_bootstrap

FORMAT = 1
STANDARD_ERRORS = 2.0


@dataclass(frozen=True)
class Change:
    """Of a solver's mean normalized regret."""

    solver: str
    before: float
    after: float
    standard_error: float  # of the difference
    worse: bool

    def __str__(self) -> str:
        return (
            f"{'WORSE' if self.worse else 'ok   '} {self.solver}: mean normalized regret "
            f"{self.before:.4f} -> {self.after:.4f}, a change of {self.after - self.before:+.4f} "
            f"with a standard error of {self.standard_error:.4f}"
        )


@dataclass(frozen=True)
class Verdict:
    changes: tuple[Change, ...]
    missing: tuple[str, ...]  # what the baseline has and the run has not

    @property
    def passed(self) -> bool:
        return not self.missing and not any(change.worse for change in self.changes)

    def __str__(self) -> str:
        lost = [f"MISSING {each}" for each in self.missing]
        return "\n".join([*map(str, self.changes), *lost])


def make_baseline(results: Results) -> dict[str, Any]:
    """To be written as JSON. ValueError when its methods share no problem."""
    scored = Scored(results)
    paired = scored.shared(results.methods)
    scale = {
        problem: {"optimum": float(paired.optima[problem]), "reference": float(reference)}
        for problem, reference in zip(paired.problems, references(scored, paired)[0])
    }
    return {"format": FORMAT, "problems": scale, "regrets": _regrets(scored, scale)}


def _regrets(
    scored: Scored, scale: Mapping[str, Mapping[str, float]]
) -> dict[str, dict[str, dict[str, float]]]:
    found: dict[str, dict[str, dict[str, float]]] = {}
    for problem, known in scale.items():
        if problem in scored.curves:
            for cell, final in sorted(scored.curves[problem].finals.items()):
                regret = np.array(max(final - known["optimum"], 0.0))
                of_solver = found.setdefault(cell.method, {}).setdefault(problem, {})
                of_solver[str(cell.seed)] = float(normalized(regret, known["reference"]))
    return found


def compare(baseline: Mapping[str, Any], current: Results) -> Verdict:
    """Every solver of the baseline. One is worse when its mean normalized regret rose by more than
    two bootstrap standard errors of the rise, over problems and seeds; whatever the run lacks is
    named. ValueError when the baseline is of another format."""
    if baseline.get("format") != FORMAT:
        raise ValueError(
            f"the baseline is of format {baseline.get('format')!r}; this version reads {FORMAT}: "
            "make it anew"
        )
    now = _regrets(Scored(current), baseline["problems"])
    changes, missing = [], []
    for solver, problems in baseline["regrets"].items():
        if solver not in now:
            missing.append(f"{solver}: every run")
            continue
        before, after = [], []
        for problem, seeds in problems.items():
            found = now[solver].get(problem, {})
            lost = [seed for seed in seeds if seed not in found]
            if len(lost) == len(seeds):
                missing.append(f"{solver} on {problem}: every seed")
                continue
            if lost:
                missing.append(f"{solver} on {problem}: seed {', '.join(lost)}")
            both = [seed for seed in seeds if seed in found]
            before.append(np.array([seeds[seed] for seed in both]))
            after.append(np.array([found[seed] for seed in both]))
        if before:
            changes.append(_change(solver, before, after))
    return Verdict(tuple(changes), tuple(missing))


def _change(solver: str, before: list[Any], after: list[Any]) -> Change:
    """before, after: for each problem one entry a seed."""
    rise = two_level_bootstrap([b - a for a, b in zip(before, after)], np.mean).interval()
    # Equal up to the last digits is equal, also where nothing varies.
    worse = rise.estimate > max(STANDARD_ERRORS * rise.standard_error, 1e-9)
    was, is_now = (float(np.mean([np.mean(v) for v in each])) for each in (before, after))
    return Change(solver, was, is_now, rise.standard_error, bool(worse))
