"""Patterns of problems, and the line between development and test."""

from __future__ import annotations

import pytest
from asktell.benchmarks import suites


def test_braces_stand_for_several_and_keep_their_order() -> None:
    assert suites.expand(["bbob/f{8,1-2}:dimension={2,5},instance=101"]) == [
        f"bbob/f{f}:dimension={d},instance=101" for f in (8, 1, 2) for d in (2, 5)
    ]


def test_stars_stand_for_any_name_and_nothing_is_named_twice() -> None:
    found = suites.expand(["classic/hartmann*", "classic/hartmann6", "classic/branin"])
    assert {"classic/hartmann3", "classic/hartmann6"} <= set(found)
    assert len(found) == len(set(found)) and found[-1] == "classic/branin"


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("nowhere/*", 'no problem is named like "nowhere/\\*"'),
        ("bbob/f25", '"bbob/f25" is unknown'),
        ("bbob/f1:dimension", '"dimension" is not of the form option=value'),
        ("bbob/f1:dimension={1-2}", '"dimension".*is 1'),
        ("bbob/f1:size=3", "size"),
    ],
)
def test_a_pattern_of_nothing_is_an_error(pattern: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        suites.expand([pattern])


@pytest.mark.parametrize("text", ["1-", "a", "", "1;2"])
def test_what_is_no_number_is_named(text: str) -> None:
    with pytest.raises(ValueError, match="neither a number nor a range"):
        suites.numbers(text)


@pytest.mark.parametrize(
    ("label", "development"),
    [
        ("bbob/f3:dimension=2,instance=101", True),
        ("bbob/f3:dimension=2,instance=105", True),
        ("bbob/f3:dimension=2,instance=106", False),
        ("bbob/f3:dimension=2,instance=1", False),
        ("bbob-noisy/f101:dimension=2,instance=103", True),
        ("bayesmark/svm-iris-nll", True),
        ("emulator/knn-wine-nll", True),
        ("emulator/knn-digits-nll", False),
        ("classic/branin", False),
    ],
)
def test_development_is_instances_101_to_105_iris_and_wine(label: str, development: bool) -> None:
    assert suites.is_development(label) is development


def test_the_sides_do_not_mix() -> None:
    suites.check_side(["bbob/f3:dimension=2,instance=101"], development=True)
    with pytest.raises(ValueError, match="belongs to `asktell-bench test`"):
        suites.check_side(["bbob/f3:dimension=2,instance=1"], development=True)
    with pytest.raises(ValueError, match="belongs to `asktell-bench develop`"):
        suites.check_side(["bbob/f3:dimension=2,instance=101"], development=False)


@pytest.mark.parametrize(
    ("patterns", "side", "least"),
    [
        (suites.DEVELOPMENT, True, 24),
        (suites.DEVELOPMENT_FULL, True, 366),
        (suites.TEST, False, 24),
        (suites.TEST_FULL, False, 490),
    ],
)
def test_what_runs_by_default_lies_on_its_side(
    patterns: tuple[str, ...], side: bool, least: int
) -> None:
    labels = suites.expand(patterns)
    assert len(labels) >= least
    suites.check_side(labels, side)
