"""
The C++ library behind the asktell package; use the package instead.
"""

from __future__ import annotations
import collections.abc
import numpy
import numpy.typing
import typing

__all__: list[str] = [
    "Consult",
    "Consulted",
    "Failure",
    "GaussianProcess",
    "Losses",
    "Move",
    "Perturb",
    "Ranking",
    "Space",
    "Study",
    "TestProblem",
    "Trial",
    "Values",
    "acquisition_exploration",
    "acquisition_gibbon",
    "acquisition_jes",
    "acquisition_log_augmented_ei",
    "acquisition_log_continuous_kg",
    "acquisition_log_ei",
    "acquisition_log_integrated_kg",
    "acquisition_log_kg",
    "acquisition_log_nei",
    "acquisition_log_penalized_ei",
    "acquisition_log_pi",
    "acquisition_log_posterior_mean_ei",
    "acquisition_lower_bound",
    "acquisition_mes",
    "acquisition_q_log_ei",
    "acquisition_risk_bound",
    "acquisition_thompson",
    "apply",
    "contract_checks",
    "contract_violations",
    "gaussian_process_options",
    "make_problem",
    "measure",
    "problem_info",
    "problem_names",
    "register_solver",
    "set_threads",
    "solver_info",
    "solver_names",
]

class Space:
    """
    Parameters and known constraints.
    """
    @staticmethod
    def from_json(json: str) -> Space: ...
    def __init__(self) -> None: ...
    def add(self, kind: str, name: str, fields: dict, shared: dict) -> None: ...
    def add_linear(self, linear: str) -> None: ...
    def add_predicate(self, name: str, predicate: typing.Any) -> None: ...
    def check_feasible(self) -> None: ...
    def constraints(self) -> list: ...
    def coordinates(self) -> list[tuple[int, float, bool]]: ...
    def copy(self) -> Space: ...
    def difference(self, other: Space) -> str: ...
    def enumerate(self, limit: typing.SupportsInt | typing.SupportsIndex) -> typing.Any: ...
    def feasible_share(
        self,
        samples: typing.SupportsInt | typing.SupportsIndex = 10000,
        seed: typing.SupportsInt | typing.SupportsIndex = 0,
    ) -> float: ...
    def from_unit(
        self, unit: collections.abc.Sequence[typing.SupportsFloat | typing.SupportsIndex]
    ) -> dict: ...
    def parameters(self) -> list: ...
    def params(
        self, vector: collections.abc.Sequence[typing.SupportsFloat | typing.SupportsIndex]
    ) -> dict: ...
    def point(self, values: collections.abc.Mapping[str, typing.Any]) -> dict: ...
    def satisfies(self, values: collections.abc.Mapping[str, typing.Any]) -> bool: ...
    def to_json(self) -> str: ...
    def to_unit(
        self, values: collections.abc.Mapping[str, typing.Any]
    ) -> numpy.typing.NDArray[numpy.float64]: ...
    def vector(
        self, values: collections.abc.Mapping[str, typing.Any]
    ) -> numpy.typing.NDArray[numpy.float64]: ...
    @property
    def dimension(self) -> int: ...
    @property
    def slots(self) -> int: ...

class Values:
    """
    Answer to a point: objectives in the user's sign.
    """
    def __init__(
        self,
        objectives: collections.abc.Sequence[typing.SupportsFloat | typing.SupportsIndex],
        *,
        noise_variance: typing.SupportsFloat | typing.SupportsIndex | None = None,
        constraints: collections.abc.Sequence[typing.SupportsFloat | typing.SupportsIndex] = [],
        gradient: collections.abc.Sequence[typing.SupportsFloat | typing.SupportsIndex] = [],
        cost: typing.SupportsFloat | typing.SupportsIndex | None = None,
    ) -> None: ...
    @property
    def constraints(self) -> list[float]: ...
    @property
    def cost(self) -> float | None: ...
    @property
    def gradient(self) -> list[float]: ...
    @property
    def noise_variance(self) -> float | None: ...
    @property
    def objectives(self) -> list[float]: ...

class Ranking:
    """
    Answer to a comparison: indices, best first.
    """
    def __init__(
        self, order: collections.abc.Sequence[typing.SupportsInt | typing.SupportsIndex]
    ) -> None: ...
    @property
    def order(self) -> list[int]: ...

class Losses:
    """
    Answer to a perturbation: the loss on either side.
    """
    def __init__(
        self,
        plus: typing.SupportsFloat | typing.SupportsIndex,
        minus: typing.SupportsFloat | typing.SupportsIndex,
    ) -> None: ...
    @property
    def minus(self) -> float: ...
    @property
    def plus(self) -> float: ...

class Failure:
    """
    Answer of an evaluation that gave none, and why.
    """
    def __init__(self, reason: str) -> None: ...
    @property
    def reason(self) -> str: ...

class Consult:
    """
    Asks for values, gradients or products of a named function at (x, y).
    """
    def __init__(
        self,
        function: str,
        wants: collections.abc.Sequence[str],
        x: collections.abc.Sequence[typing.SupportsFloat | typing.SupportsIndex],
        y: collections.abc.Sequence[typing.SupportsFloat | typing.SupportsIndex] = [],
        direction: collections.abc.Sequence[typing.SupportsFloat | typing.SupportsIndex] = [],
        seed: typing.SupportsInt | typing.SupportsIndex = 0,
    ) -> None: ...
    @property
    def direction(self) -> numpy.typing.NDArray[numpy.float64]: ...
    @property
    def function(self) -> str: ...
    @property
    def seed(self) -> int: ...
    @property
    def wants(self) -> frozenset: ...
    @property
    def x(self) -> numpy.typing.NDArray[numpy.float64]: ...
    @property
    def y(self) -> numpy.typing.NDArray[numpy.float64]: ...

class Consulted:
    """
    Answer to a Consult: what was wanted, nothing else.
    """
    def __init__(
        self,
        *,
        value: typing.SupportsFloat | typing.SupportsIndex | None = None,
        grad_x: collections.abc.Sequence[typing.SupportsFloat | typing.SupportsIndex] = [],
        grad_y: collections.abc.Sequence[typing.SupportsFloat | typing.SupportsIndex] = [],
        constraints: collections.abc.Sequence[typing.SupportsFloat | typing.SupportsIndex] = [],
        jacobian_x: collections.abc.Sequence[typing.SupportsFloat | typing.SupportsIndex] = [],
        jacobian_y: collections.abc.Sequence[typing.SupportsFloat | typing.SupportsIndex] = [],
        product: collections.abc.Sequence[typing.SupportsFloat | typing.SupportsIndex] = [],
    ) -> None: ...
    @property
    def constraints(self) -> list[float]: ...
    @property
    def grad_x(self) -> list[float]: ...
    @property
    def grad_y(self) -> list[float]: ...
    @property
    def jacobian_x(self) -> list[float]: ...
    @property
    def jacobian_y(self) -> list[float]: ...
    @property
    def product(self) -> list[float]: ...
    @property
    def value(self) -> float | None: ...

class Move:
    """
    A permanent move x += scale * z(seed).
    """
    def __init__(
        self,
        seed: typing.SupportsInt | typing.SupportsIndex,
        scale: typing.SupportsFloat | typing.SupportsIndex,
    ) -> None: ...
    @property
    def scale(self) -> float: ...
    @property
    def seed(self) -> int: ...

class Perturb:
    """
    Make `moves`, then measure the loss at x + scale z(seed) and at x - scale z(seed).
    """
    def __init__(
        self,
        seed: typing.SupportsInt | typing.SupportsIndex,
        scale: typing.SupportsFloat | typing.SupportsIndex,
        moves: collections.abc.Sequence[Move] = [],
    ) -> None: ...
    @property
    def moves(self) -> list[Move]: ...
    @property
    def scale(self) -> float: ...
    @property
    def seed(self) -> int: ...

class Trial:
    def add_note(self, name: str, value: typing.Any) -> None: ...
    def report(
        self,
        step: typing.SupportsFloat | typing.SupportsIndex,
        value: typing.SupportsFloat | typing.SupportsIndex,
    ) -> None: ...
    def should_stop(self) -> bool: ...
    def stop(self, reason: str = "") -> None: ...
    def vector(self) -> numpy.typing.NDArray[numpy.float64]: ...
    @property
    def answer(self) -> typing.Any: ...
    @property
    def note(self) -> str: ...
    @property
    def notes(self) -> dict[str, typing.Any]: ...
    @property
    def number(self) -> int: ...
    @property
    def origin(self) -> str: ...
    @property
    def params(self) -> dict: ...
    @property
    def query(self) -> typing.Any: ...
    @property
    def seed(self) -> int: ...
    @property
    def state(self) -> str: ...
    @property
    def value(self) -> float: ...

class Study:
    def __init__(self, fields: dict) -> None: ...
    def adopt(self) -> list[Trial]: ...
    def amend(
        self, trial: typing.SupportsInt | typing.SupportsIndex, answer: typing.Any
    ) -> None: ...
    def ask(
        self,
        fixed: collections.abc.Mapping[str, typing.Any],
        context: collections.abc.Mapping[str, typing.Any],
    ) -> Trial | None: ...
    def ask_from(
        self,
        candidates: collections.abc.Sequence[collections.abc.Mapping[str, typing.Any]],
        n: typing.SupportsInt | typing.SupportsIndex,
        context: collections.abc.Mapping[str, typing.Any],
    ) -> list[Trial]: ...
    def ask_many(
        self,
        n: typing.SupportsInt | typing.SupportsIndex,
        fixed: collections.abc.Mapping[str, typing.Any],
        context: collections.abc.Mapping[str, typing.Any],
    ) -> list[Trial]: ...
    def best(self) -> Trial | None: ...
    def constraints(self) -> list[str]: ...
    def copy_to(self, path: str) -> None: ...
    def diagnostics(self) -> dict: ...
    def enqueue(self, point: collections.abc.Mapping[str, typing.Any]) -> None: ...
    def exhausted(self) -> bool: ...
    def extend(self, space: Space) -> None: ...
    def file(self) -> str: ...
    def finished_trials(self) -> int: ...
    def import_csv(self, path: str) -> int: ...
    def n_trials(self) -> int: ...
    def noise(self) -> float: ...
    def objectives(self) -> list[tuple[str, str]]: ...
    def oracle(self) -> str: ...
    def outlook(self) -> typing.Annotated[list[float], "FixedSize(3)"] | None: ...
    def pareto(self) -> list[Trial]: ...
    def pending(self) -> list[Trial]: ...
    def recommend(self) -> Trial | None: ...
    def refresh(self) -> None: ...
    def seed(self) -> int: ...
    def set_budget(self, n_trials: typing.SupportsInt | typing.SupportsIndex) -> None: ...
    def size(self) -> int: ...
    def solver(self) -> str: ...
    def space(self) -> Space: ...
    def stop(self, reason: str = "") -> None: ...
    def stop_reason(self) -> str: ...
    def stopped(self) -> bool: ...
    def tell(
        self, trial: typing.SupportsInt | typing.SupportsIndex, answer: typing.Any
    ) -> None: ...
    def tell_point(
        self, point: collections.abc.Mapping[str, typing.Any], answer: typing.Any
    ) -> int: ...
    def tell_value(
        self,
        trial: typing.SupportsInt | typing.SupportsIndex,
        value: typing.SupportsFloat | typing.SupportsIndex,
    ) -> None: ...
    def told(self) -> int: ...
    def trial(self, number: typing.SupportsInt | typing.SupportsIndex) -> Trial: ...
    def trials(self) -> list[Trial]: ...

class GaussianProcess:
    def __init__(
        self,
        options: collections.abc.Mapping[str, typing.Any],
        lengthscale: typing.Annotated[numpy.typing.ArrayLike, numpy.float64],
        bounds: typing.Annotated[numpy.typing.ArrayLike, numpy.float64],
        categorical: collections.abc.Sequence[typing.SupportsInt | typing.SupportsIndex],
    ) -> None: ...
    def amend(
        self,
        index: typing.SupportsInt | typing.SupportsIndex,
        y: typing.SupportsFloat | typing.SupportsIndex,
    ) -> None: ...
    def append(
        self,
        x: typing.Annotated[numpy.typing.ArrayLike, numpy.float64],
        y: typing.Annotated[numpy.typing.ArrayLike, numpy.float64],
        noise_variance: typing.Annotated[numpy.typing.ArrayLike, numpy.float64],
    ) -> None: ...
    def diagnostics(self) -> dict: ...
    def fit(
        self,
        x: typing.Annotated[numpy.typing.ArrayLike, numpy.float64],
        y: typing.Annotated[numpy.typing.ArrayLike, numpy.float64],
        noise_variance: typing.Annotated[numpy.typing.ArrayLike, numpy.float64],
    ) -> None: ...
    def hyperparameters(self) -> list: ...
    def leave_one_out(self) -> dict: ...
    def log_density(
        self,
        points: typing.Annotated[numpy.typing.ArrayLike, numpy.float64],
        y: typing.Annotated[numpy.typing.ArrayLike, numpy.float64],
    ) -> numpy.typing.NDArray[numpy.float64]: ...
    def log_marginal_likelihood(
        self, theta: typing.Annotated[numpy.typing.ArrayLike, numpy.float64], gradient: bool
    ) -> tuple: ...
    def noise_variance(
        self, points: typing.Annotated[numpy.typing.ArrayLike, numpy.float64]
    ) -> numpy.typing.NDArray[numpy.float64]: ...
    def predict(self, points: typing.Annotated[numpy.typing.ArrayLike, numpy.float64]) -> tuple: ...
    def predict_gradient(
        self, points: typing.Annotated[numpy.typing.ArrayLike, numpy.float64]
    ) -> tuple: ...
    def predict_joint(
        self, points: typing.Annotated[numpy.typing.ArrayLike, numpy.float64]
    ) -> tuple: ...
    def remove(self, index: typing.SupportsInt | typing.SupportsIndex) -> None: ...
    def sample(
        self,
        points: typing.Annotated[numpy.typing.ArrayLike, numpy.float64],
        count: typing.SupportsInt | typing.SupportsIndex,
        seed: typing.SupportsInt | typing.SupportsIndex,
    ) -> numpy.typing.NDArray[numpy.float64]: ...
    def update(
        self,
        x: typing.Annotated[numpy.typing.ArrayLike, numpy.float64],
        y: typing.Annotated[numpy.typing.ArrayLike, numpy.float64],
        noise_variance: typing.Annotated[numpy.typing.ArrayLike, numpy.float64],
    ) -> bool: ...

class TestProblem:
    """
    A test problem; see benchmarks/problems.
    """
    def evaluate(self, x: typing.Annotated[numpy.typing.ArrayLike, numpy.float64]) -> tuple:
        """
        (objectives, constraints, cost) at a vector of native values, without noise.
        """
    def observe(
        self,
        x: typing.Annotated[numpy.typing.ArrayLike, numpy.float64],
        seed: typing.SupportsInt | typing.SupportsIndex,
        draw: typing.SupportsInt | typing.SupportsIndex,
    ) -> tuple:
        """
        The same with the problem's noise, named by a seed and the number of the draw.
        """
    @property
    def argmins(self) -> list[list[float]]: ...
    @property
    def budget(self) -> int: ...
    @property
    def constraints(self) -> list[str]: ...
    @property
    def hypervolume(self) -> float: ...
    @property
    def noisy(self) -> bool: ...
    @property
    def objectives(self) -> list[str]: ...
    @property
    def optimum(self) -> float: ...
    @property
    def proven(self) -> bool: ...
    @property
    def reference_point(self) -> list[float]: ...
    @property
    def space(self) -> Space: ...
    @property
    def target(self) -> list[float]: ...

def acquisition_exploration(
    model: GaussianProcess,
    x: typing.Annotated[numpy.typing.ArrayLike, numpy.float64],
    pending: typing.Annotated[numpy.typing.ArrayLike, numpy.float64],
    coefficient: typing.SupportsFloat | typing.SupportsIndex,
    penalty: typing.SupportsFloat | typing.SupportsIndex,
    gradient: bool,
) -> tuple: ...
def acquisition_gibbon(
    model: GaussianProcess,
    x: typing.Annotated[numpy.typing.ArrayLike, numpy.float64],
    pending: typing.Annotated[numpy.typing.ArrayLike, numpy.float64],
    samples: typing.SupportsInt | typing.SupportsIndex,
    seed: typing.SupportsInt | typing.SupportsIndex,
    gradient: bool,
) -> tuple: ...
def acquisition_jes(
    model: GaussianProcess,
    x: typing.Annotated[numpy.typing.ArrayLike, numpy.float64],
    samples: typing.SupportsInt | typing.SupportsIndex,
    seed: typing.SupportsInt | typing.SupportsIndex,
    gradient: bool,
) -> tuple: ...
def acquisition_log_augmented_ei(
    model: GaussianProcess,
    x: typing.Annotated[numpy.typing.ArrayLike, numpy.float64],
    gradient: bool,
) -> tuple: ...
def acquisition_log_continuous_kg(
    model: GaussianProcess,
    x: typing.Annotated[numpy.typing.ArrayLike, numpy.float64],
    pending: typing.Annotated[numpy.typing.ArrayLike, numpy.float64],
    quantiles: typing.SupportsInt | typing.SupportsIndex,
    fantasies: typing.SupportsInt | typing.SupportsIndex,
    seed: typing.SupportsInt | typing.SupportsIndex,
) -> tuple: ...
def acquisition_log_ei(
    model: GaussianProcess,
    x: typing.Annotated[numpy.typing.ArrayLike, numpy.float64],
    best: typing.SupportsFloat | typing.SupportsIndex,
    gradient: bool,
) -> tuple: ...
def acquisition_log_integrated_kg(
    model: GaussianProcess,
    x: typing.Annotated[numpy.typing.ArrayLike, numpy.float64],
    choices: typing.Annotated[numpy.typing.ArrayLike, numpy.float64],
    environment: collections.abc.Sequence[typing.SupportsInt | typing.SupportsIndex],
    environments: typing.Annotated[numpy.typing.ArrayLike, numpy.float64],
    pending: typing.Annotated[numpy.typing.ArrayLike, numpy.float64],
    fantasies: typing.SupportsInt | typing.SupportsIndex,
    seed: typing.SupportsInt | typing.SupportsIndex,
    gradient: bool,
) -> tuple: ...
def acquisition_log_kg(
    model: GaussianProcess,
    x: typing.Annotated[numpy.typing.ArrayLike, numpy.float64],
    choices: typing.Annotated[numpy.typing.ArrayLike, numpy.float64],
    pending: typing.Annotated[numpy.typing.ArrayLike, numpy.float64],
    fantasies: typing.SupportsInt | typing.SupportsIndex,
    seed: typing.SupportsInt | typing.SupportsIndex,
    gradient: bool,
) -> tuple: ...
def acquisition_log_nei(
    model: GaussianProcess,
    x: typing.Annotated[numpy.typing.ArrayLike, numpy.float64],
    pending: typing.Annotated[numpy.typing.ArrayLike, numpy.float64],
    samples: typing.SupportsInt | typing.SupportsIndex,
    seed: typing.SupportsInt | typing.SupportsIndex,
    gradient: bool,
) -> tuple: ...
def acquisition_log_penalized_ei(
    model: GaussianProcess,
    x: typing.Annotated[numpy.typing.ArrayLike, numpy.float64],
    pending: typing.Annotated[numpy.typing.ArrayLike, numpy.float64],
    best: typing.SupportsFloat | typing.SupportsIndex,
    seed: typing.SupportsInt | typing.SupportsIndex,
    gradient: bool,
) -> tuple: ...
def acquisition_log_pi(
    model: GaussianProcess,
    x: typing.Annotated[numpy.typing.ArrayLike, numpy.float64],
    best: typing.SupportsFloat | typing.SupportsIndex,
    gradient: bool,
) -> tuple: ...
def acquisition_log_posterior_mean_ei(
    model: GaussianProcess,
    x: typing.Annotated[numpy.typing.ArrayLike, numpy.float64],
    pending: typing.Annotated[numpy.typing.ArrayLike, numpy.float64],
    fantasies: typing.SupportsInt | typing.SupportsIndex,
    seed: typing.SupportsInt | typing.SupportsIndex,
    gradient: bool,
) -> tuple: ...
def acquisition_lower_bound(
    model: GaussianProcess,
    x: typing.Annotated[numpy.typing.ArrayLike, numpy.float64],
    deviations: typing.SupportsFloat | typing.SupportsIndex,
    gradient: bool,
) -> tuple: ...
def acquisition_mes(
    model: GaussianProcess,
    x: typing.Annotated[numpy.typing.ArrayLike, numpy.float64],
    samples: typing.SupportsInt | typing.SupportsIndex,
    seed: typing.SupportsInt | typing.SupportsIndex,
    gradient: bool,
) -> tuple: ...
def acquisition_q_log_ei(
    model: GaussianProcess,
    x: typing.Annotated[numpy.typing.ArrayLike, numpy.float64],
    best: typing.SupportsFloat | typing.SupportsIndex,
    samples: typing.SupportsInt | typing.SupportsIndex,
    seed: typing.SupportsInt | typing.SupportsIndex,
) -> float: ...
def acquisition_risk_bound(
    model: GaussianProcess,
    x: typing.Annotated[numpy.typing.ArrayLike, numpy.float64],
    environment: collections.abc.Sequence[typing.SupportsInt | typing.SupportsIndex],
    environments: typing.Annotated[numpy.typing.ArrayLike, numpy.float64],
    measure: str,
    level: typing.SupportsFloat | typing.SupportsIndex,
    deviations: typing.SupportsFloat | typing.SupportsIndex,
    gradient: bool,
) -> tuple: ...
def acquisition_thompson(
    model: GaussianProcess,
    x: typing.Annotated[numpy.typing.ArrayLike, numpy.float64],
    seed: typing.SupportsInt | typing.SupportsIndex,
    gradient: bool,
) -> tuple: ...
def apply(array: numpy.ndarray, move: Move) -> None:
    """
    Moves the array in place: array += move.scale * z(move.seed).
    """

def contract_checks() -> dict: ...
def contract_violations(solver: str, names: collections.abc.Sequence[str]) -> list[str]: ...
def gaussian_process_options() -> list: ...
def make_problem(name: str, options: dict) -> TestProblem: ...
def measure(array: numpy.ndarray, query: Perturb, loss: collections.abc.Callable) -> Losses:
    """
    Makes the query's moves, then measures loss() on both sides of the array.
    """

def problem_info(name: str) -> dict:
    """
    Name, summary, reference and described options.
    """

def problem_names() -> list[str]:
    """
    All, sorted.
    """

def register_solver(entry: dict, make: typing.Any) -> None: ...
def set_threads(threads: typing.SupportsInt | typing.SupportsIndex) -> None: ...
def solver_info(name: str) -> dict: ...
def solver_names() -> list[str]: ...
