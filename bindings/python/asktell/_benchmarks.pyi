"""
Test problems with known optima.
"""

from __future__ import annotations
import numpy
import numpy.typing
import typing

__all__: list[str] = ["Bbob"]

class Bbob:
    """
    A noiseless BBOB function f1 to f24, to be minimized over [-5, 5]^d.
    """
    def __call__(self, x: typing.Annotated[numpy.typing.ArrayLike, numpy.float64]) -> typing.Any:
        """
        The value at one point (a vector) or at each row of an n x d array.
        """
    def __getstate__(self) -> tuple[int, int, int]: ...
    def __init__(
        self,
        function: typing.SupportsInt | typing.SupportsIndex,
        dimension: typing.SupportsInt | typing.SupportsIndex,
        instance: typing.SupportsInt | typing.SupportsIndex = 1,
    ) -> None: ...
    def __repr__(self) -> str: ...
    def __setstate__(self, arg0: tuple) -> None: ...
    @property
    def argmin(self) -> numpy.typing.NDArray[numpy.float64]:
        """
        A point of the least value.
        """
    @property
    def dimension(self) -> int: ...
    @property
    def function(self) -> int: ...
    @property
    def instance(self) -> int: ...
    @property
    def lower(self) -> float: ...
    @property
    def name(self) -> str: ...
    @property
    def optimum(self) -> float:
        """
        The least value.
        """
    @property
    def upper(self) -> float: ...
