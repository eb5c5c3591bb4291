"""Packages and programs that only some problems need: found when such a problem is made, so that
asktell.benchmarks itself needs nothing but NumPy."""

from __future__ import annotations

import ctypes
import importlib
import shutil
from types import ModuleType


class MissingRequirement(RuntimeError):
    """A problem needs a package, library or program that this machine does not have."""


def package(module: str, pip: str, user: str) -> ModuleType:
    """The imported module; the error names ``user`` and what to give to pip."""
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise MissingRequirement(f"{user} needs {module} ({error}): pip install {pip}") from error


def program(name: str, apt: str, user: str) -> str:
    """The path of a program."""
    path = shutil.which(name)
    if path is None:
        raise MissingRequirement(f'{user} needs the program "{name}": apt install {apt}')
    return path


def library(soname: str, apt: str, user: str) -> ctypes.CDLL:
    """A shared library, loaded."""
    try:
        return ctypes.CDLL(soname)
    except OSError as error:
        raise MissingRequirement(f"{user} needs {soname} ({error}): apt install {apt}") from error
