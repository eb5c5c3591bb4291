"""Real programs with parameters to tune: a compressor, a database, a compiler. Where the value is a
time, an observation is one measurement and the answer "without noise" is one of many repeats; both
are of this machine, at this moment. Pin the process to one core for figures that others may trust.
"""

from __future__ import annotations

from . import gcc, sqlite, zstd

__all__ = ["gcc", "sqlite", "zstd"]
