"""Fits and predictions of a Gaussian process beside BoTorch, botorch-rust and scikit-learn.

    python benchmarks/gp_peers.py                          # small: a minute or two
    python benchmarks/gp_peers.py --full --out DIR         # the reported tables

One thread each; all in one run, in turn on the same data. Times are processor time of the one
thread, so that other work on the machine distorts them less. Model: the default of BoTorch 0.12 and
later (RBF kernel with a length-scale a dimension, log-normal priors scaled by the dimension,
noise LN(-4, 1), constant mean, output scale 1), which is our preset "botorch". Every result is
judged in one objective, ours: log marginal likelihood + log priors, all constants kept, evaluated
at the hyper-parameters and the mean that the package returns. scikit-learn has no priors, so only
its predictions are compared.

Needs build/release/bin/bench_gp_fit and, where installed, botorch, botorch-rust, scikit-learn.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import metadata, util
from pathlib import Path

for variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "RAYON_NUM_THREADS"):
    os.environ[variable] = "1"  # read when the packages below are imported

import numpy as np  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
TOLERANCE = 1e-6  # of the objective, for "at least as good"
QUERIES = 10_000


def draw_data(dimension: int, count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """A smooth random function (500 random waves) at uniform points, with noise on two of three."""
    random = np.random.default_rng((seed, dimension, count))
    lengthscales = np.sqrt(dimension) * np.exp(random.normal(np.log(0.3), 0.8, dimension))
    waves = random.normal(size=(500, dimension)) / lengthscales
    phases = random.uniform(0, 2 * np.pi, 500)
    x = random.uniform(size=(count, dimension))
    y = np.sqrt(2 / 500) * np.cos(x @ waves.T + phases) @ random.normal(size=500)
    y += (0, 0.05, 0.2)[seed % 3] * random.normal(size=count)
    return x, (y - y.mean()) / y.std(ddof=1)


@dataclass
class Fitted:
    seconds: float
    lengthscales: np.ndarray
    noise: float
    mean: float
    predict: Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]] | None = None


class Ours:
    """bench_gp_fit, which times itself; data go through files that are not in its times."""

    def __init__(self, program: Path, folder: Path) -> None:
        self._process = subprocess.Popen(
            [str(program)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._folder = folder

    def write(self, name: str, x: np.ndarray, y: np.ndarray) -> Path:
        path = self._folder / name
        count, dimension = x.shape
        rows = np.column_stack([x, y]).ravel()
        np.concatenate([[dimension, count], rows]).astype("f8").tofile(path)
        return path

    def ask(self, *words: object) -> list[float]:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(" ".join(map(str, words)) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"bench_gp_fit ended at: {words[0]}")
        return [float(word) for word in line.split()]

    def objective(self, data: Path, fitted: Fitted) -> float:
        theta = [repr(float(v)) for v in (*fitted.lengthscales, 1.0, fitted.noise)]
        return self.ask("objective", "botorch", data, repr(float(fitted.mean)), *theta)[0]


def fit_botorch(x: np.ndarray, y: np.ndarray) -> Fitted:
    import torch
    from botorch.fit import fit_gpytorch_mll
    from botorch.models import SingleTaskGP
    from gpytorch.mlls import ExactMarginalLogLikelihood

    torch.set_num_threads(1)
    points, values = torch.as_tensor(x), torch.as_tensor(y[:, None])
    began = time.process_time()
    model = SingleTaskGP(points, values, outcome_transform=None)
    fit_gpytorch_mll(ExactMarginalLogLikelihood(model.likelihood, model))
    seconds = time.process_time() - began

    def predict(queries: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        # As a batch of single points, the fast way in BoTorch: no joint covariance.
        with torch.no_grad():
            posterior = model.posterior(torch.as_tensor(queries)[:, None, :])
            return posterior.mean.numpy().ravel(), posterior.variance.numpy().ravel()

    return Fitted(
        seconds,
        model.covar_module.lengthscale.detach().numpy().ravel(),
        model.likelihood.noise.item(),
        model.mean_module.constant.item(),
        predict,
    )


def fit_botorch_rust(x: np.ndarray, y: np.ndarray) -> Fitted:
    import botorch_rs
    from botorch_rs.fit import fit_gpytorch_mll
    from botorch_rs.mlls import ExactMarginalLogLikelihood
    from botorch_rs.models import SingleTaskGP

    botorch_rs.set_num_threads(1)
    began = time.process_time()
    model = SingleTaskGP(x, y[:, None], outcome_transform=None)
    fit_gpytorch_mll(ExactMarginalLogLikelihood(model.likelihood, model))
    seconds = time.process_time() - began

    def predict(queries: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        posterior = model.posterior(queries[:, None, :])
        return np.asarray(posterior.mean).ravel(), np.asarray(posterior.variance).ravel()

    return Fitted(
        seconds,
        np.asarray(model.covar_module.lengthscale, dtype=float).ravel(),
        float(np.asarray(model.likelihood.noise).ravel()[0]),
        float(np.asarray(model.mean_module.constant).ravel()[0]),
        predict,
    )


def scikit_learn(x: np.ndarray, y: np.ndarray, ours: Fitted) -> Fitted:
    """No fit: our hyper-parameters, for its predictions."""
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import RBF

    model = GaussianProcessRegressor(RBF(ours.lengthscales), alpha=ours.noise, optimizer=None)
    model.fit(x, y - ours.mean)

    def predict(queries: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        mean, deviation = model.predict(queries, return_std=True)
        return ours.mean + mean, deviation**2

    return Fitted(float("nan"), ours.lengthscales, ours.noise, ours.mean, predict)


PEERS: dict[str, Callable[[np.ndarray, np.ndarray], Fitted]] = {
    "botorch": fit_botorch,
    "botorch-rust": fit_botorch_rust,
}
MODULES = {"botorch": "botorch", "botorch-rust": "botorch_rs", "scikit-learn": "sklearn"}


@dataclass
class Cell:
    """Of one dimension and number of points; lists hold one entry a data set."""

    dimension: int
    count: int
    seconds: dict[str, list[float]] = field(default_factory=dict)
    objectives: dict[str, list[float]] = field(default_factory=dict)

    def add(self, method: str, seconds: float, objective: float) -> None:
        self.seconds.setdefault(method, []).append(seconds)
        self.objectives.setdefault(method, []).append(objective)


def our_fit(ours: Ours, data: Path) -> tuple[float, float, np.ndarray]:
    seconds, objective, _, *theta = ours.ask("fit", "botorch", data)
    return seconds, objective, np.asarray(theta)


def compare_fits(ours: Ours, peers: dict[str, int], dimension: int, count: int, sets: int) -> Cell:
    """peers: to each, on how many data sets it is run, the first ones."""
    cell = Cell(dimension, count)
    for seed in range(-1, sets):  # the first is not counted: imports, first calls
        x, y = draw_data(dimension, count, seed % 1000)
        data = ours.write(f"data-{dimension}-{count}", x, y)
        seconds, objective, _ = our_fit(ours, data)
        rows = [("asktell", seconds, objective)]
        for peer in [name for name, most in peers.items() if seed < most]:
            fitted = PEERS[peer](x, y)
            rows.append((peer, fitted.seconds, ours.objective(data, fitted)))
        for row in rows if seed >= 0 else []:
            cell.add(*row)
    return cell


def predictions(
    ours: Ours, peers: list[str], dimension: int, count: int, repeats: int
) -> dict[str, tuple[list[float], list[float]]]:
    """Seconds of the first call after a fit (with what it caches) and of later ones."""
    x, y = draw_data(dimension, count, 1)
    data = ours.write("predict-data", x, y)
    queries = np.random.default_rng(5).uniform(size=(QUERIES, dimension))
    asked = ours.write("predict-queries", queries, np.zeros(QUERIES))
    at = our_fit(ours, data)[2]
    theta = [repr(float(v)) for v in at]
    models = {peer: PEERS[peer](x, y) for peer in peers}
    if util.find_spec("sklearn"):
        mean = next(iter(models.values())).mean if models else 0.0
        models["scikit-learn"] = scikit_learn(x, y, Fitted(0, at[:dimension], at[-1], mean))
    seconds: dict[str, tuple[list[float], list[float]]] = {"asktell": ([], [])}
    for repeat in range(repeats):
        first, later, our_mean, our_variance = ours.ask("predict", "botorch", data, asked, *theta)
        seconds["asktell"][0].append(first)
        seconds["asktell"][1].append(later)
        for name, model in models.items():
            assert model.predict
            began = time.process_time()
            mean, variance = model.predict(queries)
            spent = time.process_time() - began
            seconds.setdefault(name, ([], []))[0 if repeat == 0 else 1].append(spent)
            if not np.allclose([mean[0], variance[0]], [our_mean, our_variance], atol=1e-3):
                raise RuntimeError(f"{name} predicts {mean[0]}, {variance[0]}; not {our_mean}")
    return seconds


def fit_table(cells: list[Cell], peers: list[str]) -> list[str]:
    lines = [
        "| d | n | data sets | asktell, ms (least) | "
        + " | ".join(
            f"{p}, ms (least) | ratio of medians | objective at least as good" for p in peers
        )
        + " |",
        "|" + "---|" * (4 + 3 * len(peers)),
    ]
    for cell in cells:
        own = np.array(cell.seconds["asktell"]) * 1e3
        row = [f"{cell.dimension}", f"{cell.count}", f"{len(own)}"]
        row.append(f"{np.median(own):.2f} ({own.min():.2f})")
        for peer in peers:
            theirs = np.array(cell.seconds[peer]) * 1e3
            sets = len(theirs)
            gain = np.array(cell.objectives["asktell"][:sets]) - np.array(cell.objectives[peer])
            row.append(f"{np.median(theirs):.1f} ({theirs.min():.1f})")
            row.append(f"{np.median(theirs) / np.median(own[:sets]):.1f}")
            good = f"{np.sum(gain >= -TOLERANCE)} of {sets}"
            row.append(f"{good} (worst {gain.min():.1e}, best {gain.max():.1e})")
        lines.append("| " + " | ".join(row) + " |")
    return lines


def predict_table(seconds: dict[str, tuple[list[float], list[float]]]) -> list[str]:
    lines = ["| | first call, ms | later calls, ms (least) | ratio, first | ratio, later |"]
    lines.append("|---|---|---|---|---|")
    own_first, own_later = (float(np.median(s)) for s in seconds["asktell"])
    for name, (first, later) in seconds.items():
        a, b = float(np.median(first)), float(np.median(later))
        lines.append(
            f"| {name} | {a * 1e3:.1f} | {b * 1e3:.1f} ({min(later) * 1e3:.1f}) "
            f"| {a / own_first:.1f} | {b / own_later:.1f} |"
        )
    return lines


def versions() -> str:
    names = ["botorch", "gpytorch", "torch", "botorch-rust", "scikit-learn", "numpy"]
    found = []
    for name in names:
        try:
            found.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            found.append(f"no {name}")
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.strip()
    return f"asktell {commit}; {', '.join(found)}; Python {platform.python_version()}"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--full", action="store_true", help="100 data sets; 10 of 500 points")
    parser.add_argument("--out", type=Path, help="folder for peers.md")
    parser.add_argument("--program", type=Path, default=ROOT / "build/release/bin/bench_gp_fit")
    parser.add_argument("--peers", default=",".join(PEERS), help="of botorch,botorch-rust")
    parser.add_argument("--sets", type=int, help="data sets of 20 and 100 points")
    parser.add_argument("--large", type=int, help="data sets of 500 points")
    parser.add_argument("--botorch-sets", type=int, help="of these, the first for BoTorch too")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    wanted = options.peers.split(",")
    peers = [peer for peer in wanted if util.find_spec(MODULES[peer])]
    for missing in sorted(set(wanted) - set(peers)):
        print(f"{missing} is not installed: left out", file=sys.stderr)
    sets = options.sets or (100 if options.full else 5)
    large = options.large if options.large is not None else (10 if options.full else 0)
    lines = [versions(), f"Load of the machine at the start: {os.getloadavg()[0]:.1f}", ""]
    with tempfile.TemporaryDirectory() as folder:
        ours = Ours(options.program, Path(folder))
        plan = [(6, 20, sets), (10, 20, sets), (6, 100, sets), (10, 100, sets)]
        plan += [(6, 500, large), (10, 500, large)] if large else []
        cells = []
        for dimension, count, number in plan:
            most = dict.fromkeys(peers, number)
            if options.botorch_sets is not None and "botorch" in most:
                most["botorch"] = min(number, options.botorch_sets)
            cells.append(compare_fits(ours, most, dimension, count, number))
            print("\n".join(fit_table(cells[-1:], peers)), flush=True)
        lines += ["Fit from a cold start, median:", "", *fit_table(cells, peers), ""]
        seconds = predictions(ours, peers, 6, 500, 15 if options.full else 5)
        lines += [f"Prediction at {QUERIES} points, n = 500, d = 6:", "", *predict_table(seconds)]
    lines += ["", f"Load at the end: {os.getloadavg()[0]:.1f}"]
    print("\n".join(lines))
    if options.out:
        options.out.mkdir(parents=True, exist_ok=True)
        (options.out / "peers.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
