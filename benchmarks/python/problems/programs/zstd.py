"""Compression parameters of zstd (github.com/facebook/zstd, zstd.h 1.5.4), called in this process.

The corpus is 1 MiB of words in the order of a linear congruential generator. Frames have a checksum
and the size of their content, as those of the program zstd on a file, so that sizes agree with it.
They are a function of the point and the version of the library. What zstd refuses has the value
NaN.
"""

from __future__ import annotations

import ctypes
import math
import time
from collections.abc import Mapping
from functools import cache
from typing import Any

from asktell._solvers import Option
from asktell._space import Integer, Space

from ..._problems import Array, Facts, Outcome, register_problem
from .._requirements import library

CORPUS_BYTES = 2**20
WORDS = "solver omega surrogate kernel bandit ask tell budget noise pareto 0.125 3.14159".split()
# The least size seen by levels 19 to 22 and by searches, and the version that this holds for.
BEST_SIZE = 118886
BEST_VERSION = "1.5.4"
REPEATS = 5  # of the time without noise
REFERENCE = "zstd.h 1.5.4, ZSTD_cParameter"

_LEVEL, _CONTENT_SIZE, _CHECKSUM = 100, 200, 201
_PARAMETERS = {
    "window_log": (101, Integer(10, 27)),
    "hash_log": (102, Integer(6, 26)),
    "chain_log": (103, Integer(6, 28)),
    "search_log": (104, Integer(1, 26)),
    "min_match": (105, Integer(3, 7)),
    # One more than zstd's, so that its 0 has a place on the log scale.
    "target_length_plus_1": (106, Integer(1, 131073, log=True)),
    "strategy": (107, Integer(1, 9)),
}
SPACE = Space({name: parameter for name, (_, parameter) in _PARAMETERS.items()})


@cache
def corpus() -> bytes:
    """Word number (x >> 16) mod 12, then a space, or a newline for one x in eight."""
    text: list[str] = []
    length, x = 0, 12345
    while length < CORPUS_BYTES:
        x = (1103515245 * x + 12345) % 2**31
        text.append(WORDS[(x >> 16) % 12] + (" " if (x >> 8) & 7 else "\n"))
        length += len(text[-1])
    return "".join(text).encode()[:CORPUS_BYTES]


class Zstd:
    """The shared library."""

    def __init__(self, user: str) -> None:
        lib = library("libzstd.so.1", "libzstd1", user)
        size, pointer = ctypes.c_size_t, ctypes.c_void_p
        for name, result, arguments in (
            ("ZSTD_versionString", ctypes.c_char_p, []),
            ("ZSTD_createCCtx", pointer, []),
            ("ZSTD_freeCCtx", size, [pointer]),
            ("ZSTD_isError", ctypes.c_uint, [size]),
            ("ZSTD_compressBound", size, [size]),
            ("ZSTD_CCtx_setParameter", size, [pointer, ctypes.c_int, ctypes.c_int]),
            ("ZSTD_compress2", size, [pointer, pointer, size, pointer, size]),
            ("ZSTD_estimateDStreamSize_fromFrame", size, [pointer, size]),
        ):
            function = getattr(lib, name)
            function.restype, function.argtypes = result, arguments
        self._lib = lib
        self.version = str(lib.ZSTD_versionString().decode())

    def compress(self, data: bytes, parameters: Mapping[int, int]) -> ctypes.Array[Any] | None:
        """The frame; None where zstd refuses the parameters or runs out of memory."""
        lib = self._lib
        context = lib.ZSTD_createCCtx()
        try:
            for key, value in parameters.items():
                if lib.ZSTD_isError(lib.ZSTD_CCtx_setParameter(context, key, value)):
                    return None
            frame = ctypes.create_string_buffer(lib.ZSTD_compressBound(len(data)))
            size = lib.ZSTD_compress2(context, frame, len(frame), data, len(data))
            if lib.ZSTD_isError(size):
                return None
            kept: ctypes.Array[Any] = (ctypes.c_char * size).from_buffer(frame)
            return kept
        finally:
            lib.ZSTD_freeCCtx(context)

    def level_size(self, level: int) -> int:
        """Bytes of the corpus at one of zstd's own levels, as the program writes them."""
        frame = self.compress(corpus(), {_LEVEL: level, _CONTENT_SIZE: 1, _CHECKSUM: 1})
        return 0 if frame is None else len(frame)

    def memory(self, frame: ctypes.Array[Any]) -> float:
        """KiB that a streaming decoder of the frame needs."""
        return float(self._lib.ZSTD_estimateDStreamSize_fromFrame(frame, len(frame))) / 1024


def arguments(x: Array) -> dict[int, int]:
    """zstd's own parameters by number; PointError for a vector outside of the space."""
    params = SPACE._core.params([float(each) for each in x])
    params["target_length_plus_1"] -= 1
    values = {key: int(params[name]) for name, (key, _) in _PARAMETERS.items()}
    return {**values, _CONTENT_SIZE: 1, _CHECKSUM: 1}


@register_problem(
    "program/zstd",
    "bytes of 1 MiB of text that zstd compresses, by its seven parameters",
    reference=REFERENCE,
    options={
        "memory": Option(0, "KiB that a decoder may need, as a constraint; 0: any", low=0, high=1e6)
    },
)
def size_problem(memory: int) -> tuple[Facts, Any]:
    zstd = Zstd('problem "program/zstd"')

    def evaluate(x: Array) -> Outcome:
        frame = zstd.compress(corpus(), arguments(x))
        size = math.nan if frame is None else float(len(frame))
        if not memory:
            return Outcome((size,))
        return Outcome((size,), (math.nan if frame is None else zstd.memory(frame) - memory,))

    known = zstd.version == BEST_VERSION and not memory
    facts = Facts(
        space=SPACE,
        objectives=("bytes",),
        constraints=("memory",) if memory else (),
        optimum=BEST_SIZE if known else math.nan,
        proven=False,
        budget=60,
    )
    return facts, evaluate


@register_problem(
    "program/zstd-time",
    "bytes and seconds of zstd on 1 MiB of text, by its seven parameters",
    reference=REFERENCE,
)
def time_problem() -> tuple[Facts, Any]:
    zstd = Zstd('problem "program/zstd-time"')

    def evaluate(x: Array, seed: int | None = None, draw: int = 0) -> Outcome:
        size, seconds = math.nan, math.inf
        for _ in range(REPEATS if seed is None else 1):
            began = time.perf_counter()
            frame = zstd.compress(corpus(), arguments(x))
            seconds = min(seconds, time.perf_counter() - began)
            if frame is None:
                return Outcome((math.nan, math.nan))
            size = float(len(frame))
        return Outcome((size, seconds))

    # Worse than the largest size (stored blocks) and than the slowest setting on a slow machine.
    facts = Facts(
        space=SPACE,
        objectives=("bytes", "seconds"),
        reference_point=(float(CORPUS_BYTES), 10.0),
        proven=False,
        budget=200,
        noisy=True,
    )
    return facts, evaluate
