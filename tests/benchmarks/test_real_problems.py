"""Problems on real programs, data and other packages: reference values, determinism, refusals."""

from __future__ import annotations

import contextlib
import io
import math
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from asktell import PointError, Study
from asktell.benchmarks import Problem, from_label, problem, problems
from asktell.benchmarks.problems import _requirements, bayesmark, lunar, pest_control
from asktell.benchmarks.problems.programs import gcc, sqlite, zstd


def sample(made: Problem, count: int, seed: int = 1) -> np.ndarray:
    trials = Study(space=made.space, solver="random", seed=seed).ask(count)
    return np.array([trial.vector() for trial in trials], dtype=float)


def test_the_function_problems_is_not_hidden_by_the_folder_of_that_name() -> None:
    import asktell.benchmarks.problems.pest_control  # noqa: F401
    from asktell import benchmarks

    assert "discrete/pest-control" in benchmarks.problems("discrete/")


# --- Bayesmark ---


def test_bayesmark_has_nine_models_on_six_data_sets_by_two_metrics() -> None:
    names = problems("bayesmark/")
    assert len(names) == 108
    assert {"bayesmark/mlp-adam-digits-acc", "bayesmark/lasso-friedman1-mse"} <= set(names)


def test_bayesmark_knn_is_what_scikit_learn_says() -> None:
    neighbors = pytest.importorskip("sklearn.neighbors")
    from sklearn.datasets import load_iris
    from sklearn.metrics import log_loss
    from sklearn.model_selection import StratifiedKFold, train_test_split

    x, y = load_iris(return_X_y=True)
    seen_x, unseen_x, seen_y, unseen_y = train_test_split(x, y, test_size=0.2, random_state=0)
    losses = []
    for train, left in StratifiedKFold(5).split(seen_x, seen_y):
        model = neighbors.KNeighborsClassifier(7, p=3).fit(seen_x[train], seen_y[train])
        losses.append(log_loss(seen_y[left], model.predict_proba(seen_x[left])))
    made = problem("bayesmark/knn-iris-nll")
    point = made.vector({"n_neighbors": 7, "p": 3})
    assert made(point) == pytest.approx(np.mean(losses), rel=1e-12)
    model = neighbors.KNeighborsClassifier(7, p=3).fit(seen_x, seen_y)
    assert bayesmark.task(made.name).generalization(point) == pytest.approx(
        log_loss(unseen_y, model.predict_proba(unseen_x)), rel=1e-12
    )
    assert made.budget == 128 and math.isnan(made.optimum)


@pytest.mark.parametrize(
    "name", ["dt-wine-acc", "svm-iris-acc", "lasso-diabetes-mae", "linear-friedman1-mse"]
)
def test_bayesmark_repeats_itself(name: str) -> None:
    pytest.importorskip("sklearn")
    made = problem(f"bayesmark/{name}")
    for point in sample(made, 2):
        value = made(point)
        assert math.isfinite(value) and value == made(point)


def test_bayesmark_logits_are_those_of_the_stated_ranges() -> None:
    task = bayesmark.task("dt-wine-nll")
    low = [1, *(each["low"] for each in task.space._core.parameters()[1:])]
    settings = task.settings(np.array(low, dtype=float))
    assert settings == pytest.approx(
        {
            "max_depth": 1,
            "min_samples_split": 0.01,
            "min_samples_leaf": 0.01,
            "min_weight_fraction_leaf": 0.01,
            "max_features": 0.01,
            "min_impurity_decrease": 0.0,
        }
    )


def test_bayesmark_reads_its_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("sklearn")
    monkeypatch.setenv("ASKTELL_BENCH_CACHE", str(tmp_path))
    made = problem("bayesmark/knn-wine-acc")
    value = made([3, 2])
    (kept,) = tmp_path.rglob("*.json")
    kept.write_text(kept.read_text().replace(repr(value), "-0.125"))
    assert made([3, 2]) == -0.125
    kept.write_text('{"loss": -0.')  # torn by a process that was killed
    assert made([3, 2]) == value
    assert made([4, 2]) != -0.125


def test_bayesmark_a_model_that_cannot_be_fitted_has_no_value() -> None:
    pytest.importorskip("sklearn")
    # Four folds of five of 120 flowers are 96: there are no 97 neighbours.
    task = bayesmark.Task("knn", "iris", "nll")
    assert math.isnan(task._computed("visible", {"n_neighbors": 97, "p": 2}))


def test_bayesmark_refuses_what_does_not_exist() -> None:
    with pytest.raises(ValueError, match="did you mean"):
        problem("bayesmark/svm-wine-mse")
    with pytest.raises(ValueError, match="no Bayesmark task"):
        bayesmark.task("svm-wine-mse")
    pytest.importorskip("sklearn")
    with pytest.raises(PointError):
        problem("bayesmark/knn-iris-nll")([26, 1])


def test_missing_requirements_say_how_to_install_them() -> None:
    with pytest.raises(_requirements.MissingRequirement, match="pip install nothing==1"):
        _requirements.package("no_such_module_of_ours", "nothing==1", "problem")
    with pytest.raises(_requirements.MissingRequirement, match="apt install nothing"):
        _requirements.program("no-such-program-of-ours", "nothing", "problem")
    with pytest.raises(_requirements.MissingRequirement, match="apt install libnothing"):
        _requirements.library("libnothing-of-ours.so.1", "libnothing", "problem")


# --- zstd ---


@pytest.fixture(scope="module")
def compressor() -> zstd.Zstd:
    try:
        return zstd.Zstd("test")
    except _requirements.MissingRequirement as error:
        pytest.skip(str(error))


def test_zstd_corpus_is_the_stated_one() -> None:
    import hashlib

    digest = hashlib.sha256(zstd.corpus()).hexdigest()
    assert digest.startswith("9db372b70f549918")  # benchmark protocol, 2.2


def test_zstd_agrees_with_the_program(compressor: zstd.Zstd) -> None:
    if compressor.version != "1.5.4":
        pytest.skip(f"reference sizes are those of zstd 1.5.4; this is {compressor.version}")
    # Sizes of the program zstd 1.5.4 on the file (benchmark protocol, 2.2).
    sizes = {1: 197543, 3: 184150, 6: 176514, 9: 158803, 12: 146293}
    assert {level: compressor.level_size(level) for level in sizes} == sizes
    made = problem("program/zstd")
    assert made([20, 17, 16, 1, 6, 1, 1]) == 208948
    assert made([20, 20, 20, 6, 4, 65, 7]) == 120277
    assert made.optimum == 118886 and not made.proven


def test_zstd_beside_the_installed_program(compressor: zstd.Zstd, tmp_path: Path) -> None:
    path = shutil.which("zstd")
    if path is None:
        pytest.skip("the program zstd is not installed")
    (tmp_path / "corpus").write_bytes(zstd.corpus())
    command = [path, "-4", "--single-thread", "-c", str(tmp_path / "corpus")]
    done = subprocess.run(command, capture_output=True, check=True)
    assert compressor.level_size(4) == len(done.stdout)


def test_zstd_decoder_memory_is_a_constraint(compressor: zstd.Zstd) -> None:
    made = from_label("program/zstd:memory=512")
    assert made.constraints == ("memory",) and math.isnan(made.optimum)
    assert made([12, 17, 16, 1, 6, 1, 1]).feasible
    assert not made([20, 17, 16, 1, 6, 1, 1]).feasible


def test_zstd_time_is_a_second_objective(compressor: zstd.Zstd) -> None:
    made = problem("program/zstd-time")
    size, seconds = made([20, 17, 16, 1, 6, 1, 1]).objectives
    assert made.noisy and size < 2**20 and 0 < seconds < 10
    with pytest.raises(PointError):
        made([9, 17, 16, 1, 6, 1, 1])


# --- SQLite ---


@pytest.fixture(scope="module")
def database() -> sqlite.Sqlite:
    try:
        return sqlite.Sqlite("test")
    except _requirements.MissingRequirement as error:
        pytest.skip(str(error))


def settings_of_sqlite(**changed: object) -> list[str]:
    chosen = {
        "page_size_log2": 12,
        "cache_kib": 2000,
        "journal_mode": "memory",
        "synchronous": "off",
        "temp_store": "memory",
        "mmap_size_log2": 19,
        "wal_autocheckpoint": 1000,
        "locking_mode": "normal",
        "threads": 0,
        "auto_vacuum": "none",
        **changed,
    }
    return list(sqlite.pragmas(chosen))


def test_sqlite_counts_the_same_pages_on_every_run(database: sqlite.Sqlite) -> None:
    scripts = sqlite.workload(100, 0)[:60]
    pages = {database.run(settings_of_sqlite(cache_kib=64), scripts)[1] for _ in range(3)}
    assert len(pages) == 1
    larger = database.run(settings_of_sqlite(cache_kib=200000), scripts)[1]
    assert larger < pages.pop()


def test_sqlite_heeds_the_settings(database: sqlite.Sqlite) -> None:
    # Scripts that fail where a pragma was not heeded: json_extract of a text that is no JSON.
    pragmas = {"page_size": 8192, "auto_vacuum": 1, "synchronous": 1, "cache_size": -2000}
    checks = tuple(
        f"SELECT CASE WHEN {name} = {value} THEN 1 ELSE json_extract('{{', '$') END "
        f"FROM pragma_{name};".encode()
        for name, value in pragmas.items()
    )
    setup = (b"CREATE TABLE item (key INTEGER);",)
    changed = {"journal_mode": "wal", "auto_vacuum": "full", "synchronous": "normal"}
    database.run(settings_of_sqlite(page_size_log2=13, **changed), setup + checks)
    with pytest.raises(OSError, match="malformed JSON"):
        database.run(settings_of_sqlite(), setup + checks)


def test_sqlite_workload_is_that_of_its_seed() -> None:
    assert sqlite.workload(500, 1) == sqlite.workload(500, 1)
    assert sqlite.workload(500, 1) != sqlite.workload(500, 2)
    inserts = [script for script in sqlite.workload(500, 1) if script.startswith(b"BEGIN")]
    assert len(inserts) == 40
    assert sum(script.count(b"(") - 1 for script in inserts) == 20_000 - 40


def test_sqlite_durable_has_no_setting_that_loses_data() -> None:
    journal, synchronous = (sqlite.space(True)._core.parameters()[i] for i in (2, 3))
    assert not {"off", "memory"} & set(journal["choices"])
    assert "off" not in synchronous["choices"]


def test_sqlite_seconds_are_noisy(database: sqlite.Sqlite) -> None:
    made = problem("program/sqlite", batch=2000)
    assert made.noisy and made.facts.objectives == ("seconds",)
    assert not problem("program/sqlite-pages").noisy


# --- gcc ---


@pytest.fixture(scope="module")
def compiler() -> str:
    found = shutil.which("gcc")
    return found or pytest.skip("gcc is not installed")


def test_gcc_has_forty_flags_and_twelve_parameters() -> None:
    assert (len(set(gcc.FLAGS)), len(gcc.PARAMS)) == (40, 12)


def test_gcc_size_is_that_of_the_size_program(compiler: str, tmp_path: Path) -> None:
    size = shutil.which("size") or pytest.skip("binutils is not installed")
    target = tmp_path / "kernels.o"
    subprocess.run([compiler, "-Os", "-c", str(gcc.SOURCE), "-o", str(target)], check=True)
    lines = subprocess.run([size, "-A", str(target)], capture_output=True, text=True, check=True)
    sections = [line.split() for line in lines.stdout.splitlines() if line.startswith(".text")]
    assert gcc.code_size(target) == sum(int(section[1]) for section in sections)


def test_gcc_size_repeats_itself(compiler: str) -> None:
    made = problem("program/gcc-size")
    (point,) = sample(made, 1)
    value = made(point)
    assert value == made(point) and 500 < value < 100_000


def test_gcc_time_is_of_a_program_with_the_right_answers(compiler: str) -> None:
    # The kernels end with an error where an answer differs from one found by NumPy and Python.
    made = problem("program/gcc-time")
    plain = made.vector(
        {**dict.fromkeys(gcc.FLAGS, False), **dict.fromkeys(gcc.PARAMS, 8)} | {"level": "O1"}
    )
    assert 0 < made.observe(plain, 1, 1).objectives[0] < 10


def test_gcc_refuses_other_files(tmp_path: Path) -> None:
    (tmp_path / "text.o").write_bytes(b"no ELF file at all")
    with pytest.raises(OSError, match="ELF"):
        gcc.code_size(tmp_path / "text.o")


# --- pest control ---


@pytest.mark.parametrize(
    ("instance", "expected"), [(0, (22.27, 20.08, 12.57, 17.92)), (1, (21.95, 20.02, 12.52, 18.72))]
)
def test_pest_control_values(instance: int, expected: tuple[float, ...]) -> None:
    # Values of COMBO's own program (notes on neural surrogates, 6.4).
    plain = problem("discrete/pest-control", instance=instance, shuffled=False)
    strings = ([0] * 25, [1] * 25, [4] * 25, [i % 5 for i in range(25)])
    assert [plain(each) for each in strings] == pytest.approx(expected, abs=1e-9)


def test_pest_control_shuffles_labels_only() -> None:
    plain, shuffled = (
        problem("discrete/pest-control", shuffled=False),
        problem("discrete/pest-control"),
    )
    assert shuffled.label == "discrete/pest-control:instance=1"
    table = pest_control.labels(True)
    assert len({tuple(row) for row in table}) > 10
    actions = [(3 * i) % 5 for i in range(25)]
    point = [table[i].index(each) for i, each in enumerate(actions)]
    assert shuffled(point) == plain(actions)
    assert shuffled(shuffled.argmins[0]) == shuffled.optimum < 12.02
    for bad in ([5] + [0] * 24, [0] * 24):
        with pytest.raises(PointError):
            shuffled(bad)


# --- lunar lander ---


def test_lunar_controller_is_that_of_gymnasium() -> None:
    gymnasium = pytest.importorskip("gymnasium")
    pytest.importorskip("Box2D")
    pytest.importorskip("pygame")
    from gymnasium.envs.box2d.lunar_lander import demo_heuristic_lander

    environment = gymnasium.make("LunarLander-v3")
    for seed in (0, 17):
        with contextlib.redirect_stdout(io.StringIO()):
            expected = demo_heuristic_lander(environment, seed=seed)
        assert lunar.episode(environment, np.array(lunar.HEURISTIC), seed) == expected


def test_lunar_heuristic_lands() -> None:
    for module in ("gymnasium", "Box2D", "pygame"):
        pytest.importorskip(module)
    mean, noisy = problem("lunar/mean", episodes=5), problem("lunar/episode", episodes=5)
    value = mean(lunar.HEURISTIC)
    assert (
        value < -200
        and value
        == mean(lunar.HEURISTIC)
        == noisy.evaluate(np.array(lunar.HEURISTIC)).objectives[0]
    )
    draws = [noisy.observe(lunar.HEURISTIC, 1, draw).objectives[0] for draw in (1, 2, 1)]
    assert draws[0] == draws[2] != draws[1]


# --- COCO's constrained functions ---


def test_coco_constrained_optimum_is_feasible_and_best_nearby() -> None:
    pytest.importorskip("cocoex")
    made = problem("bbob-constrained/f20", dimension=5, instance=2)
    best = np.array(made.argmins[0])
    outcome = made.evaluate(best)
    assert outcome.objectives[0] == made.optimum
    assert max(outcome.constraints) == pytest.approx(0, abs=1e-9)
    rng = np.random.default_rng(0)
    feasible = 0
    for scale in np.repeat([1e-4, 1e-2, 1.0], 100):
        near = made.evaluate(np.clip(best + scale * rng.standard_normal(5), -5, 5))
        feasible += near.feasible
        assert not near.feasible or near.objectives[0] >= made.optimum
    assert feasible > 10


def test_coco_constrained_refuses_what_coco_does_not_have() -> None:
    assert len(problems("bbob-constrained/")) == 54
    pytest.importorskip("cocoex")
    with pytest.raises(ValueError, match="dimension is 4"):
        problem("bbob-constrained/f1", dimension=4)
    with pytest.raises(ValueError, match="shape"):
        problem("bbob-constrained/f1", dimension=2)([1.0, 2.0, 3.0])
