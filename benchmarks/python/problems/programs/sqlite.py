"""Pragmas of SQLite (sqlite.org/pragma.html) under a workload generated from a seed: 20,000 inserts
in transactions, 5,000 reads of one row and 200 range scans with GROUP BY, on a new file in the
folder for temporary files (TMPDIR). A stand-in for the tuning of database servers.

"program/sqlite" and "program/sqlite-durable" count seconds: an observation is the median of three
runs, the value without noise that of nine. The durable one keeps to settings that survive a crash
of the machine, for otherwise the best is plainly to write nothing. "program/sqlite-pages" counts
the pages that the cache read and wrote (sqlite3_db_status), which is the same on every run.
"""

from __future__ import annotations

import ctypes
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from asktell._solvers import Option
from asktell._space import Categorical, Integer, Ordinal, Space

from ..._problems import Array, Facts, Outcome, register_problem
from .._requirements import library

ROWS, READS, SCANS = 20_000, 5_000, 200
RUNS, TRUE_RUNS = 3, 9
REFERENCE = "sqlite.org/pragma.html; workload ours"

_CACHE_MISS, _CACHE_WRITE = 8, 9  # SQLITE_DBSTATUS_...: pages read into and written from the cache
_OK = 0


def space(durable: bool) -> Space:
    journals = ["delete", "truncate", "persist", "wal"]
    return Space(
        {
            "page_size_log2": Integer(9, 16),
            "cache_kib": Integer(64, 262144, log=True),
            "journal_mode": Categorical(journals if durable else [*journals, "memory", "off"]),
            "synchronous": Ordinal(["normal", "full"] if durable else ["off", "normal", "full"]),
            "temp_store": Categorical(["default", "file", "memory"]),
            "mmap_size_log2": Integer(19, 32),  # 19: no memory map
            "wal_autocheckpoint": Integer(10, 10000, log=True),
            "locking_mode": Categorical(["normal", "exclusive"]),
            "threads": Integer(0, 4),
            "auto_vacuum": Categorical(["none", "full", "incremental"]),
        }
    )


def pragmas(params: dict[str, Any]) -> Iterator[str]:
    """The settings, in an order in which SQLite heeds them: those of the file's layout first."""
    yield f"PRAGMA page_size = {2 ** params['page_size_log2']}"
    yield f"PRAGMA auto_vacuum = {params['auto_vacuum']}"
    yield f"PRAGMA locking_mode = {params['locking_mode']}"
    yield f"PRAGMA journal_mode = {params['journal_mode']}"
    yield f"PRAGMA synchronous = {params['synchronous']}"
    yield f"PRAGMA cache_size = {-params['cache_kib']}"
    yield f"PRAGMA temp_store = {params['temp_store']}"
    mapped = params["mmap_size_log2"]
    yield f"PRAGMA mmap_size = {2**mapped if mapped > 19 else 0}"
    yield f"PRAGMA wal_autocheckpoint = {params['wal_autocheckpoint']}"
    yield f"PRAGMA threads = {params['threads']}"


@cache
def workload(batch: int, seed: int) -> tuple[bytes, ...]:
    """Scripts of SQL, one a transaction or a hundred reads."""
    draw = random.Random(seed)
    scripts = [
        "CREATE TABLE item (key INTEGER PRIMARY KEY, kind INTEGER, price REAL, note TEXT);"
        "CREATE INDEX item_price ON item (price);"
    ]
    keys = draw.sample(range(10 * ROWS), ROWS)
    for begin in range(0, ROWS, batch):
        rows = ",".join(
            f"({key},{draw.randrange(50)},{draw.random():.6f},'{'x' * draw.randrange(20, 200)}')"
            for key in keys[begin : begin + batch]
        )
        scripts.append(f"BEGIN; INSERT INTO item VALUES {rows}; COMMIT;")
    reads = [f"SELECT note FROM item WHERE key = {draw.choice(keys)};" for _ in range(READS)]
    scripts += ["".join(reads[begin : begin + 100]) for begin in range(0, READS, 100)]
    for _ in range(SCANS):
        low = draw.random()
        scripts.append(
            "SELECT kind, count(*), avg(length(note)) FROM item WHERE price BETWEEN "
            f"{low:.6f} AND {low + 0.02:.6f} GROUP BY kind ORDER BY 3;"
        )
    return tuple(script.encode() for script in scripts)


class Sqlite:
    """The shared library; Python's own sqlite3 does not tell what its cache does."""

    def __init__(self, user: str) -> None:
        lib = library("libsqlite3.so.0", "libsqlite3-0", user)
        pointer, number = ctypes.c_void_p, ctypes.POINTER(ctypes.c_int)
        lib.sqlite3_open.argtypes = [ctypes.c_char_p, ctypes.POINTER(pointer)]
        lib.sqlite3_exec.argtypes = [pointer, ctypes.c_char_p, pointer, pointer, pointer]
        lib.sqlite3_db_status.argtypes = [pointer, ctypes.c_int, number, number, ctypes.c_int]
        lib.sqlite3_errmsg.argtypes, lib.sqlite3_errmsg.restype = [pointer], ctypes.c_char_p
        lib.sqlite3_close.argtypes = [pointer]
        self._lib = lib

    def run(self, settings: list[str], scripts: tuple[bytes, ...]) -> tuple[float, int]:
        """Seconds of the scripts on a new database, and pages read and written."""
        with tempfile.TemporaryDirectory(prefix="asktell-sqlite-") as folder:
            database = ctypes.c_void_p()
            path = str(Path(folder) / "database").encode()
            self._check(self._lib.sqlite3_open(path, ctypes.byref(database)), database)
            try:
                for setting in settings:
                    self._execute(database, setting.encode())
                began = time.perf_counter()
                for script in scripts:
                    self._execute(database, script)
                seconds = time.perf_counter() - began
                pages = sum(self._status(database, each) for each in (_CACHE_MISS, _CACHE_WRITE))
            finally:
                self._lib.sqlite3_close(database)
        return seconds, pages

    def _execute(self, database: ctypes.c_void_p, script: bytes) -> None:
        self._check(self._lib.sqlite3_exec(database, script, None, None, None), database)

    def _status(self, database: ctypes.c_void_p, what: int) -> int:
        current, highest = ctypes.c_int(), ctypes.c_int()
        self._lib.sqlite3_db_status(database, what, ctypes.byref(current), ctypes.byref(highest), 0)
        return current.value

    def _check(self, code: int, database: ctypes.c_void_p) -> None:
        if code != _OK:
            message = self._lib.sqlite3_errmsg(database).decode()
            raise OSError(f"SQLite failed under the workload: {message} (code {code})")


_OPTIONS = {
    "batch": Option(100, "rows inserted in one transaction", low=1, high=ROWS),
    "workload_seed": Option(0, "seed of the workload", low=0, high=2**31),
}


def _register(name: str, summary: str, durable: bool, pages: bool) -> None:
    @register_problem(f"program/{name}", summary, reference=REFERENCE, options=_OPTIONS)
    def make(batch: int, workload_seed: int) -> tuple[Facts, Any]:
        sqlite = Sqlite(f'problem "program/{name}"')
        settings = space(durable)
        scripts = workload(batch, workload_seed)

        def measured(x: Array, runs: int) -> Outcome:
            chosen = list(pragmas(settings._core.params([float(each) for each in x])))
            costs = [sqlite.run(chosen, scripts)[pages] for _ in range(runs)]
            return Outcome((float(statistics.median(costs)),))

        def observed(x: Array, seed: int | None = None, draw: int = 0) -> Outcome:
            return measured(x, TRUE_RUNS if seed is None else RUNS)

        facts = Facts(
            space=settings,
            objectives=("pages" if pages else "seconds",),
            proven=False,
            budget=100,
            noisy=not pages,
        )
        return facts, (lambda x: measured(x, 1)) if pages else observed


_register("sqlite", "seconds of a workload on SQLite, by ten pragmas", False, False)
_register("sqlite-durable", "the same, with settings that survive a crash only", True, False)
_register("sqlite-pages", "pages that SQLite reads and writes, by ten pragmas", False, True)
