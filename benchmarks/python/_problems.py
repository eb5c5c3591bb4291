"""The registry of test problems: those written in C++ and those registered from Python."""

from __future__ import annotations

import difflib
import importlib
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from asktell import _core
from asktell._errors import OptionError
from asktell._solvers import Option
from asktell._space import Space

Array = npt.NDArray[np.float64]

# Modules beside this one that register problems when imported.
_FAMILIES: tuple[str, ...] = (
    "bayesmark",
    "coco_constrained",
    "emulators",
    "lunar",
    "pest_control",
    "programs",
    "push",
)

# Always part of a label; other options only where they differ from their default.
_ALWAYS = ("dimension", "instance")


@dataclass(frozen=True)
class Outcome:
    """What one evaluation gave; everything is minimized."""

    objectives: tuple[float, ...]
    constraints: tuple[float, ...] = ()  # met where <= 0
    cost: float = 1.0  # 1: an evaluation at full fidelity

    @property
    def feasible(self) -> bool:
        return all(each <= 0 for each in self.constraints)


@dataclass(frozen=True)
class Facts:
    """What a problem asks for and what is known of its solution."""

    space: Space
    objectives: tuple[str, ...] = ("value",)
    constraints: tuple[str, ...] = ()
    optimum: float = math.nan  # one objective: the least feasible value at full fidelity
    proven: bool = True  # False: the best known value
    argmins: tuple[tuple[float, ...], ...] = ()
    reference_point: tuple[float, ...] = ()  # several objectives
    hypervolume: float = math.nan  # of the whole front
    target: tuple[float, ...] = ()  # values of the fidelity parameters that `optimum` holds for
    budget: int = 0
    noisy: bool = False


class Problem:
    """A test problem, callable on a vector of native values (or a mapping of parameters).

    A vector has one entry for each scalar of the space: reals and integers as they are, the index
    of a category or level, 0 or 1 for flags; NaN for a parameter that is not active.

    Attributes
    ----------
    label : str
        Name and options, as in "bbob/f8:dimension=5,instance=1"; ``from_label`` reads it.
    space : asktell.Space
    dimension : int
        Entries of a vector.
    optimum : float
        The least (feasible) value, NaN where unknown; ``proven`` is False for a best known value.
    argmins, objectives, constraints, reference_point, hypervolume, target, budget, noisy
        See ``Facts``.
    """

    def __init__(
        self,
        name: str,
        options: Mapping[str, Any],
        label: str,
        facts: Facts,
        evaluate: Callable[[Array], Outcome],
        observe: Callable[[Array, int, int], Outcome] | None,
    ) -> None:
        self.name = name
        self.options = dict(options)
        self.label = label
        self.facts = facts
        self._evaluate = evaluate
        self._observe = observe
        self._draws = 0

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name == "facts" or name not in Facts.__dataclass_fields__:
            raise AttributeError(name)
        return getattr(self.facts, name)

    @property
    def dimension(self) -> int:
        return sum(int(each["slots"]) for each in self.parameters)

    @property
    def parameters(self) -> list[dict[str, Any]]:
        """Name, kind, low, high, log, choices and so on of each parameter of the space."""
        return list(self.space._core.parameters())

    def vector(self, params: Mapping[str, Any]) -> Array:
        """The vector of named values; PointError when they are not in the space."""
        return np.asarray(self.space._core.vector(dict(params)), dtype=float)

    def params(self, x: npt.ArrayLike) -> dict[str, Any]:
        """Named values of a vector; PointError when it is not in the space."""
        return dict(self.space._core.params([float(each) for each in np.asarray(x)]))

    def __call__(self, x: Any) -> Any:
        """The value, noise included: a float, or an Outcome with several objectives or constraints.

        An n x d array gives the n values without noise.
        """
        if isinstance(x, Mapping):
            x = self.vector(x)
        point = np.asarray(x, dtype=float)
        if point.ndim == 2:
            return np.array([self._shown(self.evaluate(row)) for row in point])
        self._draws += 1
        return self._shown(self.observe(point, 0, self._draws))

    def evaluate(self, x: npt.ArrayLike) -> Outcome:
        """Everything at one vector, without noise."""
        return self._evaluate(np.asarray(x, dtype=float))

    def observe(self, x: npt.ArrayLike, seed: int, draw: int) -> Outcome:
        """The same with the noise that a seed and the number of the draw name."""
        point = np.asarray(x, dtype=float)
        return self._evaluate(point) if self._observe is None else self._observe(point, seed, draw)

    def _shown(self, outcome: Outcome) -> Any:
        if len(self.objectives) == 1 and not self.constraints:
            return outcome.objectives[0]
        return outcome

    def __reduce__(self) -> tuple[Any, ...]:
        return from_label, (self.label,)

    def __repr__(self) -> str:
        return f"Problem({self.label!r})"


Factory = Callable[..., tuple[Facts, Callable[[Array], Outcome]]]
_registered: dict[str, tuple[dict[str, Any], Factory]] = {}


def register_problem(
    name: str,
    summary: str,
    *,
    reference: str,
    options: Mapping[str, Option] | None = None,
) -> Callable[[Factory], Factory]:
    """Registers a function ``make(**options) -> (Facts, evaluate)`` as a problem.

    ``evaluate(x)`` takes a vector of native values and returns an Outcome; where the facts say
    ``noisy`` it takes ``(x, seed, draw)`` too and gives the noise-free answer without them.
    """
    described = [
        {"name": key, "type": _type_name(each.default), **vars(each)}
        for key, each in (options or {}).items()
    ]
    info = {"name": name, "summary": summary, "reference": reference, "options": described}

    def register(make: Factory) -> Factory:
        if name in _registered or name in _core.problem_names():
            raise ValueError(f'problem "{name}" is registered twice')
        _registered[name] = (info, make)
        return make

    return register


def problems(prefix: str = "") -> dict[str, dict[str, Any]]:
    """Every registered problem by name (those that begin with ``prefix``): summary, reference and
    described options."""
    _load_families()
    infos = {name: dict(_core.problem_info(name)) for name in _core.problem_names()}
    infos.update({name: info for name, (info, _) in sorted(_registered.items())})
    return {name: info for name, info in infos.items() if name.startswith(prefix)}


def problem(name: str, **options: Any) -> Problem:
    """The problem of that name; ValueError with the nearest name when there is none, OptionError
    for an option it does not have or a value out of range."""
    known = problems()
    if name not in known:
        near = difflib.get_close_matches(name, known, 1)
        hint = f'did you mean "{near[0]}"?' if near else "asktell.benchmarks.problems() lists them"
        raise ValueError(f'problem "{name}" is unknown; {hint}')
    label = _label(known[name], options)
    if name in _registered:
        facts, evaluate = _registered[name][1](**_checked(known[name], options))
        noisy: Any = evaluate if facts.noisy else None
        return Problem(name, options, label, facts, evaluate, noisy)
    made = _core.make_problem(name, options)
    return Problem(
        name,
        options,
        label,
        _facts(made),
        lambda x: _outcome(made.evaluate(x)),
        (lambda x, seed, draw: _outcome(made.observe(x, seed, draw))) if made.noisy else None,
    )


def from_label(label: str) -> Problem:
    """The problem of a label such as "bbob/f8:dimension=5,instance=1"."""
    name, _, text = label.partition(":")
    options: dict[str, Any] = {}
    for part in filter(None, text.split(",")):
        key, equals, value = part.partition("=")
        if not equals:
            raise ValueError(f'problem "{label}": "{part}" is not of the form option=value')
        options[key] = _parsed(value)
    return problem(name, **options)


def _parsed(text: str) -> Any:
    if text in ("True", "False"):
        return text == "True"
    for number in (int, float):
        try:
            return number(text)
        except ValueError:
            pass
    return text


def _label(info: Mapping[str, Any], options: Mapping[str, Any]) -> str:
    shown = []
    for option in info["options"]:
        key, default = option["name"], option["default"]
        value = options.get(key, default)
        if value != default or (key in _ALWAYS and value != 0):
            shown.append(f"{key}={value}")
    name = str(info["name"])
    return f"{name}:{','.join(shown)}" if shown else name


def _type_name(value: Any) -> str:
    return {bool: "boolean", int: "integer", float: "real", str: "text"}[type(value)]


def _checked(info: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """All options of a Python problem, checked as the C++ registry checks its own."""
    options = {option["name"]: option["default"] for option in info["options"]}
    for key, value in given.items():
        if key not in options:
            known = ", ".join(options) or "none"
            raise OptionError(f'problem "{info["name"]}" has no option "{key}"; it has: {known}')
        described = next(option for option in info["options"] if option["name"] == key)
        wanted = type(described["default"])
        if wanted is float and isinstance(value, int):
            value = float(value)
        bad = not isinstance(value, wanted) or (wanted is int and isinstance(value, bool))
        choices: Sequence[str] = described["choices"]
        if not bad and wanted in (int, float):
            bad = not described["low"] <= value <= described["high"]
        if bad or (choices and value not in choices):
            allowed = (
                f"one of {', '.join(choices)}"
                if choices
                else f"{described['type']} from {described['low']} to {described['high']}"
            )
            raise OptionError(f'problem "{info["name"]}": {key} is {value!r}; it must be {allowed}')
        options[key] = value
    return options


def _outcome(answer: tuple[list[float], list[float], float]) -> Outcome:
    objectives, constraints, cost = answer
    return Outcome(tuple(objectives), tuple(constraints), cost)


def _facts(made: Any) -> Facts:
    return Facts(
        space=Space._of(made.space),
        objectives=tuple(made.objectives),
        constraints=tuple(made.constraints),
        optimum=made.optimum,
        proven=made.proven,
        argmins=tuple(tuple(each) for each in made.argmins),
        reference_point=tuple(made.reference_point),
        hypervolume=made.hypervolume,
        target=tuple(made.target),
        budget=made.budget,
        noisy=made.noisy,
    )


def _load_families() -> None:
    for family in _FAMILIES:
        importlib.import_module(f".problems.{family}", __package__)
