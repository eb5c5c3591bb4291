"""Sets of problems by pattern, and the line between development and test.

A pattern is a label with braces, which stand for several, and stars, which stand for any name:

    bbob/f{1-24}:dimension={2,5,10},instance=101
    emulator/*-iris-*

Solvers are developed on BBOB's instances 101 to 105 and on the data sets iris and wine, and claims
are made on everything else; a run is of one kind, and a report says of which.
"""

from __future__ import annotations

import fnmatch
import itertools
import re
from collections.abc import Iterable

from ._problems import from_label, problems

# Two or three functions of each of BBOB's groups.
BBOB_SHORT = "{1-3,6,8,10,13,15,17,20,21,24}"
DEVELOPMENT_INSTANCES = range(101, 106)
DEVELOPMENT_DATA = ("iris", "wine")

# What `asktell-bench develop` and `test` run when they are not told, small and with --full.
DEVELOPMENT: tuple[str, ...] = (f"bbob/f{BBOB_SHORT}:dimension={{2,5}},instance=101",)
DEVELOPMENT_FULL: tuple[str, ...] = (
    "bbob/f{1-24}:dimension={2,5,10},instance={101-105}",
    "emulator/*-{iris,wine}-*",
)
TEST: tuple[str, ...] = (f"bbob/f{BBOB_SHORT}:dimension={{2,5}},instance=1",)
TEST_FULL: tuple[str, ...] = (
    "bbob/f{1-24}:dimension={2,5,10,20},instance={1-5}",
    "emulator/*-{breast,diabetes,friedman1}-*",
)

_BRACES = re.compile(r"\{([^{}]*)\}")


def numbers(text: str) -> list[int]:
    """ "1-3,7" -> [1, 2, 3, 7]; ValueError names what is neither."""
    found: list[int] = []
    for part in text.split(","):
        low, dash, high = (each.strip() for each in part.partition("-"))
        if not low.isdecimal() or (dash and not high.isdecimal()):
            raise ValueError(f'"{part}" is neither a number nor a range such as 1-5')
        found.extend(range(int(low), int(high if dash else low) + 1))
    return found


def _alternatives(text: str) -> list[str]:
    if re.fullmatch(r"[\d,\s-]+", text):
        return [str(number) for number in numbers(text)]
    return [part.strip() for part in text.split(",")]


def expand(patterns: Iterable[str]) -> list[str]:
    """The labels of all problems that the patterns name, each once, in the order of the patterns.

    Raises ValueError for a pattern without a problem and for problems or options that do not exist.
    """
    labels: dict[str, None] = {}
    for pattern in patterns:
        parts = _BRACES.split(pattern)
        choices = [
            _alternatives(part) if inside else [part]
            for part, inside in zip(parts, itertools.cycle((False, True)))
        ]
        for words in itertools.product(*choices):
            labels.update(dict.fromkeys(_named("".join(words))))
    return list(labels)


def _named(label: str) -> list[str]:
    if "*" not in label:
        return [from_label(label).label]
    name, colon, options = label.partition(":")
    found = fnmatch.filter(problems(), name)
    if not found:
        raise ValueError(f'no problem is named like "{name}"')
    return [from_label(each + colon + options).label for each in found]


def is_development(label: str) -> bool:
    """Whether solvers may be developed on this problem."""
    name, _, options = label.partition(":")
    if name.startswith("bbob"):
        instance = re.search(r"\binstance=(\d+)", options)
        return instance is not None and int(instance[1]) in DEVELOPMENT_INSTANCES
    suite, _, rest = name.partition("/")
    return suite in ("bayesmark", "emulator") and any(
        data in rest.split("-") for data in DEVELOPMENT_DATA
    )


def check_side(labels: Iterable[str], development: bool) -> None:
    """ValueError for the first problem that lies on the other side of the line."""
    for label in labels:
        if is_development(label) != development:
            here, there = ("develop", "test") if development else ("test", "develop")
            raise ValueError(
                f'problem "{label}" belongs to `asktell-bench {there}`, not to `{here}`: solvers '
                "are developed on BBOB's instances 101-105, iris and wine, and tested on the rest"
            )
