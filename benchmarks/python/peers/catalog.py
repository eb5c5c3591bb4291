"""The methods there are: those of the peers' files, and asktell-<solver>.

It runs in the runner's interpreter. The constants of a peer's file (see adapter.py) are read
without importing it, since what it imports is installed in an environment of its own.

    method = find("optuna-gp")      # UnknownMethod with the nearest names
    method.missing()                # "" or what is wrong with its environment and how to build it
    methods()                       # all names with what is known of them
"""

from __future__ import annotations

import ast
import difflib
import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
OURS = "asktell-"
FREEZE = "freeze.txt"  # in an environment: every version, written when it is complete
DEFAULTS: Mapping[str, Any] = {
    "WITHOUT_DEPENDENCIES": (),
    "VARIANTS": {},
    "SEVERAL_OBJECTIVES": False,
    "CONSTRAINTS": False,
    "DETERMINISTIC": True,
}
NEEDED = ("ENVIRONMENT", "REQUIREMENTS", "KINDS", "TAKES_POINTS", "BATCH", "SLOW")
# What may differ between the variants of a file.
PER_METHOD = (
    "KINDS",
    "TAKES_POINTS",
    "BATCH",
    "SLOW",
    "SEVERAL_OBJECTIVES",
    "CONSTRAINTS",
    "DETERMINISTIC",
)


class UnknownMethod(ValueError):
    """No peer and no solver has this name."""


class NotBuilt(RuntimeError):
    """The environment of a peer is not there."""


@dataclass(frozen=True)
class Method:
    """What the runner must know to serve a method and to choose its problems."""

    name: str  # "optuna-gp"
    module: str  # "optuna": the file in this folder
    variant: Mapping[str, Any]  # keyword arguments of its Optimizer
    environment: str  # "" for the runner's own interpreter
    kinds: tuple[str, ...]
    takes_points: bool
    batch: bool
    slow: bool
    several_objectives: bool
    constraints: bool
    deterministic: bool
    folder: Path = field(repr=False)  # of all environments

    @property
    def python(self) -> Path:
        """The interpreter that serves it."""
        if not self.environment:
            return Path(sys.executable)
        return self.folder / self.environment / "bin" / "python"

    def missing(self) -> str:
        """Why it cannot run, and the way out; "" when it can."""
        if not self.environment:
            return ""
        failed = status(self.folder).get(self.module, {}).get("error", "")
        if failed:
            return f"{self.name} did not install in {self.folder / self.environment}: {failed}"
        if not (self.folder / self.environment / FREEZE).exists():
            return (
                f"{self.name} needs the environment {self.folder / self.environment}, which is not "
                f"built; run: make peers, or asktell-bench peers {self.module}"
            )
        return ""

    def require(self) -> Method:
        """Itself; NotBuilt when it cannot run."""
        if self.missing():
            raise NotBuilt(self.missing())
        return self


def environments() -> Path:
    """The folder of the environments: that of the checkout one works in, or the user's cache."""
    given = os.environ.get("ASKTELL_PEERS")
    if given:
        return Path(given).resolve()
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / "build" / "peers").is_dir():
            return folder / "build" / "peers"
    return Path.home() / ".cache" / "asktell" / "peers"


def status(folder: Path) -> dict[str, Any]:
    """What environments.py noted about each file: versions, or an error."""
    path = folder / "status.json"
    if not path.exists():
        return {}
    noted: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return noted


@cache
def constants(path: Path) -> Mapping[str, Any]:
    """The literals that a peer's file assigns at its top; empty for a file that is no peer."""
    found = dict(DEFAULTS)
    for statement in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(statement, ast.Assign):
            target = statement.targets[0]
        elif isinstance(statement, ast.AnnAssign):
            target = statement.target
        else:
            continue
        name = target.id if isinstance(target, ast.Name) else ""
        if name in NEEDED or name in DEFAULTS:
            try:
                found[name] = ast.literal_eval(statement.value or ast.Constant(None))
            except ValueError:
                raise ValueError(f"{path}: {name} must be a literal") from None
    if "ENVIRONMENT" not in found:
        return {}
    absent = [name for name in NEEDED if name not in found]
    if absent:
        raise ValueError(f"{path}: a peer's file needs {', '.join(absent)} (see adapter.py)")
    return found


def peers() -> dict[str, Mapping[str, Any]]:
    """The constants of every peer's file, by the name of the file; sorted."""
    found = {path.stem: constants(path) for path in sorted(HERE.glob("*.py"))}
    return {stem: each for stem, each in found.items() if each and stem != "asktell_solver"}


def methods() -> dict[str, Method]:
    """All methods by name: the peers', then one for each solver of asktell."""
    folder = environments()
    found = {}
    for stem, given in peers().items():
        for name, variant in (given["VARIANTS"] or {stem.replace("_", "-"): {}}).items():
            found[name] = _method(name, stem, given, variant, folder)
    ours = constants(HERE / "asktell_solver.py")
    for solver, info in _solvers().items():
        given = {
            **ours,
            "KINDS": tuple(kind for kind in ours["KINDS"] if kind in info["parameters"]),
            "SEVERAL_OBJECTIVES": info["max_objectives"] > 1,
            "CONSTRAINTS": info["told_constraints"],
        }
        name = OURS + solver
        found[name] = _method(name, "asktell_solver", given, {"solver": solver}, folder)
    return found


def find(name: str) -> Method:
    """A method by name; UnknownMethod, with the nearest names, when there is none."""
    known = methods()
    if name in known:
        return known[name]
    near = difflib.get_close_matches(name, known, 3, 0.5)
    near += [each for each in known if name and name in each and each not in near]
    hint = f"did you mean {' or '.join(near)}?" if near else f"there are: {', '.join(known)}"
    raise UnknownMethod(f'no method is named "{name}"; {hint}')


def _method(
    name: str, stem: str, given: Mapping[str, Any], variant: Mapping[str, Any], folder: Path
) -> Method:
    own = {}
    for key in PER_METHOD:
        value = given[key]
        own[key.lower()] = value[name] if isinstance(value, dict) else value
    return Method(
        name=name,
        module=stem,
        variant=dict(variant),
        environment=given["ENVIRONMENT"],
        folder=folder,
        **own,
    )


def _solvers() -> Mapping[str, Mapping[str, Any]]:
    """asktell's solvers that are told values of points; none where it is not installed."""
    try:
        import asktell
    except ImportError:
        return {}
    return {name: info for name, info in asktell.solvers().items() if "evaluate" in info["oracles"]}
