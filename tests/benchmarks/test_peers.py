"""The catalogue of methods, the served protocol with all that can go wrong, and the conformance of
every peer whose environment is built (`make peers`)."""

from __future__ import annotations

import dataclasses
import math
import os
import random
import sys
import time
from pathlib import Path

import pytest
from asktell.benchmarks.peers import catalog, client, environments
from asktell.benchmarks.peers.adapter import Outcome, Parameter, Task
from asktell.benchmarks.peers.client import PeerCrashed, PeerError, PeerTimeout, Served

PLANE = tuple(Parameter(f"x{i}", "real", -5.0, 5.0, False, ()) for i in range(2))
MIXED = (
    Parameter("x", "real", -5.0, 5.0, False, ()),
    Parameter("rate", "real", 1e-4, 1.0, True, ()),
    Parameter("count", "integer", -2.0, 7.0, False, ()),
    Parameter("size", "integer", 1.0, 500.0, True, ()),
    Parameter("colour", "categorical", 0.0, 0.0, False, ("red", "green", "blue")),
    Parameter("level", "ordinal", 0.0, 0.0, False, (1, 10, 100)),
    Parameter("flag", "boolean", 0.0, 1.0, False, ()),
)
METHODS = [
    name
    for name in catalog.methods()
    if not name.startswith("asktell-")
    or name in ("asktell-random", "asktell-sobol", "asktell-nlopt.cobyla", "asktell-nlopt.crs2_lm")
]


def sphere(point: list[float]) -> Outcome:
    return Outcome((sum((x - 1.0) ** 2 for x in point),))


def bounds(parameter: Parameter) -> tuple[float, float]:
    if parameter.kind in ("real", "integer"):
        return parameter.low, parameter.high
    return 0, parameter.levels - 1


def design(parameters: tuple[Parameter, ...], size: int, seed: int) -> list[list[float]]:
    rng = random.Random(seed)
    points = []
    for _ in range(size):
        point = []
        for each in parameters:
            low, high = bounds(each)
            real = each.kind == "real"
            point.append(
                rng.uniform(low, high) if real else float(rng.randint(int(low), int(high)))
            )
        points.append(point)
    return points


def assert_inside(parameters: tuple[Parameter, ...], points: list[list[float]]) -> None:
    for point in points:
        assert len(point) == len(parameters)
        for each, x in zip(parameters, point):
            low, high = bounds(each)
            assert low <= x <= high, (each, x)
            assert each.kind == "real" or x == int(x), (each, x)


# The catalogue.


def test_methods_are_found_with_what_their_files_declare() -> None:
    gp = catalog.find("optuna-gp")
    assert (gp.module, gp.variant, gp.environment) == ("optuna", {"sampler": "gp"}, "torch")
    assert gp.takes_points and gp.batch and gp.several_objectives and "categorical" in gp.kinds
    assert gp.python == catalog.environments() / "torch" / "bin" / "python"
    # What differs between the methods of one file.
    assert catalog.find("optuna-cmaes").kinds == ("real", "integer", "ordinal")
    assert not catalog.find("nlopt-direct-l").takes_points
    assert catalog.find("nlopt-cobyla").takes_points
    # A file of one method has its name.
    assert catalog.find("botorch-rust").module == "botorch_rust"


def test_solvers_of_asktell_are_methods_of_this_interpreter() -> None:
    method = catalog.find("asktell-nlopt.cobyla")
    assert method.python == Path(sys.executable) and method.missing() == ""
    assert method.variant == {"solver": "nlopt.cobyla"}
    assert method.kinds == ("real",)
    # Solvers that are asked for comparisons or gradients have no values of points to be told.
    assert "asktell-zo.rank_sgd" not in catalog.methods()


def test_an_unknown_method_is_refused_with_the_nearest_names() -> None:
    with pytest.raises(catalog.UnknownMethod, match='"optuna-gpp"; did you mean optuna-gp'):
        catalog.find("optuna-gpp")
    with pytest.raises(catalog.UnknownMethod, match="asktell-random"):
        catalog.find("asktell-randm")


def test_a_peer_that_is_not_built_says_how_to_build_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASKTELL_PEERS", str(tmp_path))
    with pytest.raises(catalog.NotBuilt, match="make peers, or asktell-bench peers optuna"):
        catalog.find("optuna-gp").require()
    error = "ERROR: No matching distribution found"
    (tmp_path / "status.json").write_text(f'{{"optuna": {{"error": "{error}"}}}}')
    with pytest.raises(catalog.NotBuilt, match=error):
        catalog.find("optuna-gp").require()


def test_no_file_of_a_peer_hides_a_module_of_the_standard_library() -> None:
    names = {path.stem for path in catalog.HERE.glob("*.py")}
    assert not names & set(getattr(sys, "stdlib_module_names", ()))


def test_a_file_without_its_constants_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "half.py"
    path.write_text('ENVIRONMENT = "half"\nREQUIREMENTS = ()\n')
    with pytest.raises(ValueError, match="half.py.*KINDS, TAKES_POINTS, BATCH, SLOW"):
        catalog.constants(path)
    other = tmp_path / "computed.py"
    other.write_text("ENVIRONMENT = str(1)\n")
    with pytest.raises(ValueError, match="ENVIRONMENT must be a literal"):
        catalog.constants(other)


# The environments, with a registry that has nothing.


def test_what_does_not_install_is_noted_and_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setattr(environments, "TOOLS", ("pip",))
    given = dict(catalog.constants(catalog.HERE / "rustuna.py"))
    members = {
        "absent": {**given, "REQUIREMENTS": ("absent-of-asktell==1",)},
        "uniform": {**given, "REQUIREMENTS": ("pip",)},
    }
    noted = environments.build(tmp_path / "env", members)
    assert "absent-of-asktell==1" in noted["absent"]["error"]
    # It installs, and fails to import NumPy.
    assert "No module named 'numpy'" in noted["uniform"]["error"]
    assert (tmp_path / "env" / "freeze.txt").exists()
    table = environments.table(noted)
    assert "absent-of-asktell==1" in table


def test_an_environment_changes_with_its_requirements() -> None:
    given = catalog.constants(catalog.HERE / "rustuna.py")
    same = environments.digest({"rustuna": given})
    assert same == environments.digest({"rustuna": dict(given)})
    assert same != environments.digest({"rustuna": {**given, "REQUIREMENTS": ("rustuna==9",)}})


# The protocol, with a method that does what its problem's first parameter says.

NAUGHTY = """
import os, sys, time
from . import adapter

ENVIRONMENT = ""
REQUIREMENTS = ()
KINDS = ("real",)
TAKES_POINTS = True
BATCH = True
SLOW = False

def version():
    print("imported")
    return "1.2"

class Optimizer(adapter.Optimizer):
    closed = []
    def ask(self, count):
        print("asked")
        os.write(1, b"and below Python\\n")
        does = self.task.parameters[0].name
        if does == "raises":
            raise KeyError("no such thing")
        if does == "exits":
            print("last words", file=sys.stderr)
            os._exit(7)
        if does == "aborts":
            os.abort()
        if does == "hangs":
            time.sleep(1000)
        if does == "none":
            return []
        return [[float(len(self.closed))] * self.task.dimension for _ in range(count)]
    def tell(self, points, outcomes):
        self.told = list(zip(points, outcomes))
    def recommend(self):
        point, outcome = self.told[-1]
        return point if outcome.objectives else None
    def close(self):
        self.closed.append(1)
"""


@pytest.fixture
def naughty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> catalog.Method:
    """A method served from a copy of the package."""
    folder = tmp_path / "peers"
    folder.mkdir()
    for name in ("__init__", "adapter", "serve"):
        (folder / f"{name}.py").write_bytes((catalog.HERE / f"{name}.py").read_bytes())
    (folder / "naughty.py").write_text(NAUGHTY)
    monkeypatch.setattr(client, "SERVE", folder / "serve.py")
    return dataclasses.replace(catalog.find("random"), name="naughty", module="naughty")


def task(does: str) -> Task:
    return Task((Parameter(does, "real", 0.0, 1.0, False, ()),), budget=10, seed=1)


def test_prints_of_a_method_do_not_reach_the_protocol(naughty: catalog.Method) -> None:
    with Served(naughty) as served:
        served.make(task("works"))
        assert served.version == "1.2" and "numpy" in {name.lower() for name in served.packages}
        asked = served.ask(3)
        assert asked.points == [[0.0]] * 3 and asked.first and asked.ns > 0
        assert not served.ask(1).first
        served.tell([[0.5]], [Outcome((1.0,))])
        assert served.recommend() == [0.5]
        served.tell([[0.5]], [Outcome(())])  # a failure arrives without objectives
        assert served.recommend() is None
        # The next run ends the one before, in the same process.
        served.make(task("works"))
        asked = served.ask(1)
        assert asked.points == [[1.0]] and not asked.first


def test_an_exception_is_told_with_its_trace_and_the_process_goes_on(
    naughty: catalog.Method,
) -> None:
    with Served(naughty) as served:
        served.make(task("raises"))
        with pytest.raises(PeerError) as caught:
            served.ask()
        assert caught.value.reason == "error: raised KeyError: 'no such thing' in ask"
        assert "naughty.py" in caught.value.details
        assert served.alive
        served.make(task("works"))
        assert served.ask().points == [[1.0]]


@pytest.mark.parametrize(
    ("does", "reason"),
    [
        ("exits", "crash: ended with exit code 7 in ask"),
        ("aborts", "crash: ended with signal SIGABRT in ask"),
    ],
)
def test_a_crash_is_told_and_the_next_run_has_a_new_process(
    naughty: catalog.Method, does: str, reason: str
) -> None:
    with Served(naughty) as served:
        served.make(task(does))
        with pytest.raises(PeerCrashed) as caught:
            served.ask()
        assert caught.value.reason == reason
        assert ("last words" in caught.value.details) == (does == "exits")
        assert not served.alive
        with pytest.raises(PeerCrashed, match="no process is running"):
            served.ask()
        served.make(task("works"))
        assert served.ask().first


def test_a_hang_ends_at_the_limit_with_its_process(naughty: catalog.Method) -> None:
    with Served(naughty) as served:
        served.make(task("hangs"))
        assert served._process is not None
        process = served._process.pid
        began = time.monotonic()
        with pytest.raises(PeerTimeout, match="no answer to ask within 0.5 s"):
            served.ask(limit=0.5)
        assert time.monotonic() - began < 10
        with pytest.raises(ProcessLookupError):
            os.kill(process, 0)


def test_no_points_are_an_error(naughty: catalog.Method) -> None:
    with Served(naughty) as served:
        served.make(task("none"))
        with pytest.raises(PeerError, match="gave 0 points when asked for 2"):
            served.ask(2)


def test_an_interpreter_that_cannot_serve_says_why(tmp_path: Path) -> None:
    with Served(dataclasses.replace(catalog.find("random"), module="absent")) as served:
        with pytest.raises(PeerError, match="No module named 'peers.absent'"):
            served.start()


# Every peer that is built.


def run(name: str, parameters: tuple[Parameter, ...], **given: object) -> list[list[float]]:
    """Points of a run, those of a told design of 5 first; all fails after two more where wanted."""
    method = catalog.find(name)
    settings = {"seed": 3, "batch": 1, "fails": False, **given}
    budget = 9 if method.slow else 12
    asked_for = Task(parameters, budget, int(str(settings["seed"])), int(str(settings["batch"])))
    points: list[list[float]] = []
    with Served(method) as served:
        served.start(600)
        served.make(asked_for)
        if method.takes_points:
            points = design(parameters, 5, asked_for.seed)
            served.tell(points, [sphere(each) for each in points])
        while len(points) < budget:
            asked = served.ask(min(asked_for.batch, budget - len(points)), limit=300)
            outcomes = [sphere(each) for each in asked.points]
            if settings["fails"] and len(points) >= 7:
                outcomes = [Outcome(()) for _ in asked.points]
            served.tell(asked.points, outcomes, limit=300)
            points += asked.points
        recommended = served.recommend()
        assert recommended is None or recommended in points
    assert_inside(parameters, points)
    assert all(math.isfinite(x) for point in points for x in point)
    return points


@pytest.fixture(params=METHODS)
def built(request: pytest.FixtureRequest) -> catalog.Method:
    method = catalog.find(request.param)
    if method.missing():
        pytest.skip(method.missing())
    if method.slow and not os.environ.get("ASKTELL_SLOW_PEERS"):
        pytest.skip(f"{method.name} needs seconds an ask; set ASKTELL_SLOW_PEERS=1 to include it")
    return method


def test_peer_conforms(built: catalog.Method) -> None:
    first = run(built.name, PLANE)
    again = run(built.name, PLANE)
    if built.deterministic:
        assert again == first
    told = 5 if built.takes_points else 0
    assert len({tuple(point) for point in first[told:]}) > 1
    run(built.name, PLANE, fails=True)


def test_peer_takes_the_kinds_it_declares(built: catalog.Method) -> None:
    run(built.name, tuple(each for each in MIXED if each.kind in built.kinds))


def test_peer_gives_batches(built: catalog.Method) -> None:
    if not built.batch:
        pytest.skip(f"{built.name} is not asked again before it is told")
    run(built.name, PLANE, batch=4)


def test_a_finite_space_seen_in_whole_ends_at_its_best() -> None:
    flags = tuple(Parameter(f"b{i}", "boolean", 0.0, 1.0, False, ()) for i in range(2))
    assert run("asktell-random", flags, batch=4)[-4:] == [[1.0, 1.0]] * 4
