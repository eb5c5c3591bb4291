"""What users give to a study, checked: how many, points in a list, answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from . import _core
from ._errors import OptionError, PointError, StudyError


def count(n: Any, call: str) -> int:
    if isinstance(n, bool) or not isinstance(n, (int, np.integer)) or n < 0:
        raise OptionError(f"{call}({n!r}): give how many trials are wanted", "option.value")
    return int(n)


def rows(candidates: Any) -> list[dict[str, Any]]:
    """Points given as mappings or as a DataFrame, whose empty cells become None."""
    if hasattr(candidates, "iterrows"):
        cells = candidates.astype(object).where(candidates.notna(), None)
        return [dict(row) for row in cells.to_dict("records")]
    out = []
    for i, row in enumerate(candidates):
        if not isinstance(row, Mapping):
            raise PointError(
                f"candidate {i} is {row!r}; give a mapping of parameters, such as {{'x': 0.5}}, or "
                "all candidates as a DataFrame",
                "point.type",
            )
        out.append(dict(row))
    return out


def _value(given: Any, name: str) -> float:
    """One number of an answer; StudyError for what is none."""
    if not isinstance(given, (str, bytes, bool)):
        try:
            return float(given)
        except (TypeError, ValueError):
            pass
    raise StudyError(f"{name} is {given!r}; give a number", "study.wrong-answer")


def answer_of(given: Any, objectives: Sequence[str], constraints: Sequence[str]) -> Any:
    """What an objective returned, as an answer of the C++ library."""
    kinds = (_core.Values, _core.Ranking, _core.Losses, _core.Consulted, _core.Failure)
    if isinstance(given, kinds):
        return given
    if isinstance(given, Mapping):
        extra = {"noise_variance", "cost"}
        unknown = set(given) - set(objectives) - set(constraints) - extra
        missing = [name for name in (*objectives, *constraints) if name not in given]
        if unknown or missing:
            raise StudyError(
                f"the answer {dict(given)!r} has unknown names {sorted(unknown)} and lacks "
                f"{missing}; "
                f"give {', '.join((*objectives, *constraints))}",
                "study.wrong-answer",
            )
        return _core.Values(
            [_value(given[name], name) for name in objectives],
            constraints=[_value(given[name], name) for name in constraints],
            noise_variance=given.get("noise_variance"),
            cost=given.get("cost"),
        )
    if isinstance(given, (tuple, list)):
        return _core.Values([_value(each, "a value of the answer") for each in given])
    if given is None:
        raise StudyError(
            "the answer is None; return the value from the objective, or raise an exception where "
            "there is none",
            "study.wrong-answer",
        )
    return _core.Values([_value(given, "the answer")])
