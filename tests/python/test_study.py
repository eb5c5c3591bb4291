"""The Python interface: what a scientist does first, and what goes wrong first."""

from __future__ import annotations

import math
import os
import pickle
import signal
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import asktell
import numpy as np
import pandas as pd
import pytest
from asktell.testing import check_solver

SPACE = {"x": asktell.Real(-5, 10), "n": asktell.Integer(1, 4)}


def bowl(params: Any) -> float:
    return (params["x"] - 1) ** 2 + params["n"]


def test_minimize_finds_the_minimum_and_says_why_it_ended() -> None:
    result = asktell.minimize(bowl, SPACE, n_trials=25, seed=1, verbose=0)
    assert result.value < 1.01
    assert result.params["n"] == 1
    assert result.fun == result.value
    assert result.nfev == 25
    assert result.success
    assert result.message == "spent 25 trials"


def test_told_gradients_are_used_and_checked() -> None:
    def rosenbrock(x: float, y: float) -> asktell.Values:
        bend = y - x * x
        slopes = [-400 * x * bend - 2 * (1 - x), 200 * bend]
        return asktell.Values([100 * bend**2 + (1 - x) ** 2], gradient=slopes)

    space = {"x": asktell.Real(-2, 2), "y": asktell.Real(-2, 2)}
    study = asktell.Study(space, seed=1, noise=0)
    for _ in range(40):
        trial = study.ask()
        study.tell(trial, rosenbrock(trial["x"], trial["y"]))
    assert study.best().value < 1e-6
    trial = study.ask()
    with pytest.raises(asktell.StudyError, match="1 gradient component"):
        study.tell(trial, asktell.Values([1.0], gradient=[1.0]))
    study.tell(trial, asktell.Values([1.0], gradient=[math.nan, 1.0]))  # the value is sound


def test_a_file_goes_on_where_it_was(tmp_path: Path) -> None:
    path = tmp_path / "study.db"
    first = asktell.Study(SPACE, file=path, seed=2)
    first.minimize(bowl, n_trials=10, verbose=0)
    second = asktell.Study(file=path)
    assert second.minimize(bowl, n_trials=15, verbose=0).nfev == 5
    unbroken = asktell.Study(SPACE, seed=2)
    unbroken.minimize(bowl, n_trials=15, verbose=0)
    assert [t.params for t in second.trials()] == [t.params for t in unbroken.trials()]


def test_a_trial_is_a_mapping() -> None:
    study = asktell.Study(SPACE, seed=1, solver="random")
    trial = study.ask()
    assert dict(**trial) == trial.params
    assert trial.vector().tolist() == [trial["x"], trial["n"]]
    study.tell(trial, {"value": 2.0})
    assert trial.value == 2.0
    with pytest.raises(asktell.ToldTwiceError) as error:
        study.tell(trial, 3.0)
    assert "2.0" in error.value.stored
    study.amend(trial, 3.0)
    assert study.trial(0).value == 3.0


def test_maximize_keeps_the_users_sign() -> None:
    result = asktell.maximize(lambda t: -bowl(t), SPACE, n_trials=15, seed=1, verbose=0)
    assert -2.5 < result.value < 0
    with pytest.raises(asktell.StudyError, match="maximize"):
        asktell.Study(SPACE, direction="maximize").minimize(bowl, n_trials=1)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: asktell.Study({"x": (0, 1)}), r"Real\(0, 1\).*Categorical"),
        (lambda: asktell.Study({"x": asktell.Real(1, 0)}), "reversed"),
        (lambda: asktell.Study({"x": asktell.Real(0, 1, log=True)}), "above 0"),
        (lambda: asktell.Study({"x": []}), "no choices"),
        (lambda: asktell.Study(SPACE, random_state=1), '"seed"'),
        (lambda: asktell.minimize(bowl, SPACE, n_calls=3), '"n_trials"'),
        (lambda: asktell.minimize(bowl, SPACE), "limit"),
        (lambda: asktell.Study(SPACE, solver="gp_boo"), 'did you mean "gp_bo"'),
        (lambda: asktell.Study(SPACE, direction="up"), "minimize"),
        (lambda: asktell.Study(asktell.Space(SPACE, ["x <= -6"])), "0 of 200000"),
        (lambda: asktell.Study({"n": asktell.Integer(3, 3)}), "equal"),
        (lambda: asktell.Integer(0.5, 3), "low is 0.5; give an integer"),
        (lambda: asktell.Real("a", 1), "low is 'a'"),
        (lambda: asktell.Real(0, 1, prior="log-uniform"), "here it is log=True"),
        (lambda: asktell.Study([asktell.Real(0, 1)]), "mapping from names"),
        (lambda: asktell.Study({"x": asktell.Real(0, math.inf)}), "finite"),
        (lambda: asktell.Study({"x": asktell.Categorical(["a", "a"])}), "listed twice"),
        (lambda: asktell.Study(SPACE, seed=-1), "seed is -1"),
        (lambda: asktell.Study(SPACE, lease=math.nan), "lease is nan"),
        (lambda: asktell.Study(SPACE, noise=-1), "noise is -1"),
        (lambda: asktell.Study(SPACE).ask(-1), "how many"),
        (lambda: asktell.Study(SPACE).tell(7, 1.0), "no trial 7"),
        (lambda: asktell.Study(SPACE, seed=1).tell_point({"x": 3, "n": 1}, "12"), "'12'"),
        (lambda: asktell.Study(SPACE, seed=1).tell_point({"x": 30, "n": 1}, 12), "outside"),
        (lambda: asktell.minimize(3, SPACE, n_trials=2), "function of a trial"),
        (lambda: asktell.minimize(lambda t: "one", SPACE, n_trials=2, verbose=0), "'one'"),
        (lambda: asktell.minimize(lambda t: (1, 2), SPACE, n_trials=2, verbose=0), "2 objective"),
    ],
)
def test_bad_input_names_the_way_out(call: Any, words: str) -> None:
    with pytest.raises(asktell.Error, match=words):
        call()


def test_nan_is_a_failure_and_three_at_the_start_end_the_run() -> None:
    study = asktell.Study(SPACE, seed=1)
    study.tell(study.ask(), math.nan)
    assert study.trial(0).state == "failed"

    def broken(trial: asktell.Trial) -> float:
        raise KeyError("no such mesh")

    with pytest.raises(asktell.StudyError, match="no such mesh"):
        asktell.minimize(broken, SPACE, n_trials=10, verbose=0)
    with pytest.raises(KeyError):
        asktell.minimize(broken, SPACE, n_trials=10, verbose=0, on_failure="raise")


def test_executors_of_threads_and_processes() -> None:
    for kind in (ThreadPoolExecutor, ProcessPoolExecutor):
        with kind(2) as pool:
            result = asktell.minimize(
                bowl, SPACE, n_trials=16, executor=pool, n_parallel=2, seed=1, verbose=0
            )
        assert result.nfev == 16


def test_studies_pickle(tmp_path: Path) -> None:
    for file in (None, tmp_path / "study.db"):
        study = asktell.Study(SPACE, seed=2, file=file, solver="random")
        study.minimize(bowl, n_trials=4, verbose=0)
        again = pickle.loads(pickle.dumps(study))
        assert [t.params for t in again.trials()] == [t.params for t in study.trials()]


def test_tables() -> None:
    study = asktell.Study(SPACE, seed=2, solver="random")
    study.minimize(bowl, n_trials=4, verbose=0)
    study.fail(study.ask(), "broke")
    points, values = study.to_numpy()
    assert points.shape == (4, 2)
    assert values.shape == (4, 1)
    assert list(study.to_pandas()["state"]) == ["told"] * 4 + ["failed"]
    assert '"x"' in study.to_json()


def test_constraints_known_and_told() -> None:
    space = asktell.Space(
        {"x": asktell.Real(0, 1), "y": asktell.Real(0, 1)},
        ["x + y <= 1", lambda p: p["x"] >= 0.2],
    )
    study = asktell.Study(space, seed=1, solver="random", constraints=["weight"])
    for _ in range(20):
        trial = study.ask()
        assert trial["x"] + trial["y"] <= 1 and trial["x"] >= 0.2
        study.tell(trial, {"value": trial["x"], "weight": 0.5 - trial["y"]})
    best = study.best()
    assert best is None or best["y"] >= 0.5


@asktell.register_solver(
    "test.corner",
    options={"reach": asktell.Option(1.0, "share of the cube", low=1e-3, high=1)},
)
class Corner:
    """Asks for the lower corner, then for random points that were not visited."""

    def __init__(self, space: asktell.Space, reach: float) -> None:
        self.space = space
        self.reach = reach
        self.seen: list[Any] = []

    def tell(self, params: dict[str, Any], value: float | None) -> None:
        self.seen.append(params)

    def candidates(self, rng: np.random.Generator) -> Any:
        yield np.zeros(self.space.dimension)
        for _ in range(200):
            yield self.reach * rng.random(self.space.dimension)
        yield from self.space.enumerate(1000) or ()

    def ask(self, n: int, pending: list[Any], rng: np.random.Generator) -> list[Any]:
        out: list[Any] = []
        while len(out) < n:
            for each in self.candidates(rng):
                params = each if isinstance(each, dict) else self.space.from_unit(each)
                if params not in (*self.seen, *pending, *out) and self.space.satisfies(params):
                    out.append(params)
                    break
            else:
                break
        return out


def test_solvers_written_in_python_keep_the_contract() -> None:
    check_solver("test.corner")


def test_the_contract_finds_hidden_state() -> None:
    @asktell.register_solver("test.careless")
    class Careless:
        """Remembers, between asks, what it was not told."""

        calls = 0

        def __init__(self, space: asktell.Space) -> None:
            self.space = space

        def tell(self, params: dict[str, Any], value: float | None) -> None: ...

        def ask(self, n: int, pending: list[Any], rng: np.random.Generator) -> list[Any]:
            Careless.calls += 1
            return [np.full(self.space.dimension, 1 / Careless.calls)] * n

    with pytest.raises(AssertionError, match="SameSeedSameAsks"):
        check_solver("test.careless", ["SameSeedSameAsks"])
    with pytest.raises(ValueError, match="no such check"):
        check_solver("test.careless", ["Nothing"])


def test_solvers_written_in_python_replay(tmp_path: Path) -> None:
    path = tmp_path / "study.db"
    broken = []
    for _ in range(5):
        study = asktell.Study(
            SPACE, file=path, seed=3, solver="test.corner", options={"reach": 0.5}
        )
        trial = study.ask()
        broken.append(trial.params)
        study.tell(trial, bowl(trial))
    assert broken[0] == {"x": -5.0, "n": 1}
    study = asktell.Study(SPACE, seed=3, solver="test.corner", options={"reach": 0.5})
    unbroken = []
    for _ in range(5):
        trial = study.ask()
        unbroken.append(trial.params)
        study.tell(trial, bowl(trial))
    assert broken == unbroken


def test_every_solver_describes_its_options() -> None:
    for name, info in asktell.solvers().items():
        assert info["summary"], name
        for option in info["options"]:
            assert option["description"], (name, option)


def test_perturb_works_in_place() -> None:
    target = np.linspace(-1, 1, 50, dtype=np.float32)
    x = np.zeros(50, dtype=np.float32)
    study = asktell.Study(oracle="perturb", solver="zo.sgd", seed=1)

    def loss() -> float:
        return float(((x - target) ** 2).sum())

    before = loss()
    study.drive(perturb=lambda query: asktell.measure(x, query, loss), n_trials=200)
    assert loss() < before


def test_interrupt_leaves_a_study_that_goes_on(tmp_path: Path) -> None:
    script = (
        "import asktell, os, signal\n"
        # As in a terminal, also where the tests run in the background, which ignores it.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "study = asktell.Study({'x': asktell.Real(0, 1)}, file='s.db', seed=1)\n"
        "def f(t):\n"
        "    if t.number == 3 and not os.path.exists('again'):\n"
        "        os.kill(os.getpid(), signal.SIGINT)\n"
        "    return t['x']\n"
        "study.minimize(f, n_trials=6, verbose=0)\n"
    )
    first = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True)
    assert first.returncode in (130, -signal.SIGINT)
    (tmp_path / "again").touch()
    assert subprocess.run([sys.executable, "-c", script], cwd=tmp_path).returncode == 0
    study = asktell.Study(file=tmp_path / "s.db")
    assert [t.state for t in study.trials()] == ["told"] * 6


def test_import_is_light() -> None:
    heavy = ("pandas", "matplotlib", "tqdm")
    code = f"import sys, asktell; print([m for m in {heavy} if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


def test_plots(tmp_path: Path) -> None:
    os.environ["MPLBACKEND"] = "Agg"
    study = asktell.Study(SPACE, seed=2, solver="random")
    study.minimize(bowl, n_trials=6, verbose=0)
    assert asktell.plot.history(study).get_xlabel() == "trial"
    assert len(asktell.plot.parallel_coordinate(study).get_lines()) == 6


def test_ask_from_takes_mappings_and_frames() -> None:
    space = asktell.Space(
        {
            "x": asktell.Real(0, 1),
            "n": asktell.Integer(1, 9),
            "kind": asktell.Categorical(["a", "b"]),
        }
    )
    study = asktell.Study(space, seed=1, solver="gp_bo")
    rows = [{"x": 0.1 * i, "n": 1 + i, "kind": "ab"[i % 2]} for i in range(8)]
    first = study.ask_from(rows)
    assert first.params in rows
    study.tell(first, 1.0)
    for trial in study.ask_from(pd.DataFrame(rows), 20):
        assert trial.params in rows and trial.params != first.params
        study.tell(trial, trial["x"])
    assert study.ask_from(rows) is None
    assert len(study.trials()) == 8


def test_ask_from_a_frame_with_empty_cells() -> None:
    space = asktell.Space(
        {
            "kernel": asktell.Categorical(["rbf", "poly"]),
            "degree": asktell.Integer(2, 5, when={"kernel": "poly"}),
        }
    )
    study = asktell.Study(space, seed=1)
    frame = pd.DataFrame({"kernel": ["rbf", "poly"], "degree": [None, 3]})
    asked = [trial.params for trial in study.ask_from(frame, 2)]
    assert {"kernel": "rbf"} in asked and {"kernel": "poly", "degree": 3} in asked


def test_ask_from_names_what_is_wrong() -> None:
    study = asktell.Study({"x": asktell.Real(0, 1)}, seed=1)
    with pytest.raises(asktell.PointError, match="candidate 1 is 0.5; give a mapping"):
        study.ask_from([{"x": 0.1}, 0.5])
    with pytest.raises(asktell.PointError, match="candidate 1: .*x"):
        study.ask_from([{"x": 0.1}, {"x": 7.0}])
    with pytest.raises(asktell.StudyError, match="no candidates"):
        study.ask_from([])
    with pytest.raises(asktell.OptionError, match="ask_from"):
        study.ask_from([{"x": 0.1}], -1)
    assert len(study.trials()) == 0


def test_likely_is_where_trials_begin() -> None:
    space = {
        "rate": asktell.Real(1e-5, 1, log=True, likely=(1e-3, 1e-2)),
        "kernel": asktell.Categorical(["rbf", "poly"], likely=[1, 0]),
    }
    study = asktell.Study(space, seed=1, n_trials=30)
    for trial in study.ask(4):
        assert 1e-4 < trial["rate"] < 1e-1 and trial["kernel"] == "rbf"


@pytest.mark.parametrize(
    ("parameter", "words"),
    [
        (lambda: asktell.Real(0, 1, likely=(2, 3)), "no point within the bounds"),
        (lambda: asktell.Real(0, 1, likely=0.5), "give .low, high."),
        (lambda: asktell.Categorical(["a", "b"], likely=[0, 0]), "one of them above"),
    ],
)
def test_likely_without_mass_is_refused(parameter: Any, words: str) -> None:
    with pytest.raises(asktell.SpaceError, match=words):
        asktell.Space({"x": parameter()})
