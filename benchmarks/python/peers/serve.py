"""Serves one method to the runner: JSON lines on standard input and output.

    python serve.py botorch

    <- {"version": "0.18.1", "import_ns": 2600000000, "packages": {"numpy": "2.4.6", ...}}
    -> {"do": "make", "task": {...}, "variant": {}}    <- {"ns": 1200}
    -> {"do": "ask", "count": 1}                        <- {"points": [[...]], "ns": 310211}
    -> {"do": "tell", "points": [[...]], "outcomes": [[[1.5], []]]}    <- {"ns": 55012}
    -> {"do": "recommend"}                              <- {"point": [...] or null}

    <- {"error": "ValueError: ...", "trace": "..."}     whenever the method raised

Times are taken here, around the method alone. A program in another language may speak the same.
Whatever the method prints goes to standard error.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import json
import math
import os
import sys
import time
import traceback
from pathlib import Path
from typing import Any, TextIO

# This folder has files named as the packages they use (nlopt.py), so it must not be searched; the
# one above comes last, so that nothing in it hides a package either. (No file here has the name of
# a module of the standard library: the imports above would find it.)
sys.path[0:1] = []
sys.path.append(str(Path(__file__).resolve().parent.parent))

from peers import adapter  # noqa: E402


def private_output() -> TextIO:
    """The standard output for the protocol alone; what others print goes to standard error."""
    kept = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return kept


def task_of(fields: dict[str, Any]) -> adapter.Task:
    parameters = tuple(
        adapter.Parameter(**{**each, "choices": tuple(each["choices"])})
        for each in fields.pop("parameters")
    )
    return adapter.Task(parameters=parameters, **fields)


def outcome_of(fields: list[list[float | None]]) -> adapter.Outcome:
    objectives, constraints = ([math.nan if v is None else v for v in part] for part in fields)
    return adapter.Outcome(tuple(objectives), tuple(constraints))


class Server:
    def __init__(self, module: Any) -> None:
        self._module = module
        self._optimizer: Any = None

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        do = request["do"]
        if do == "make":
            task = task_of(request["task"])
            if self._optimizer is not None:
                self._optimizer.close()
                self._optimizer = None
            began = time.perf_counter_ns()
            self._optimizer = self._module.Optimizer(task, **request.get("variant", {}))
            return {"ns": time.perf_counter_ns() - began}
        if do == "ask":
            began = time.perf_counter_ns()
            points = self._optimizer.ask(request["count"])
            spent = time.perf_counter_ns() - began
            return {"points": [[float(v) for v in point] for point in points], "ns": spent}
        if do == "tell":
            outcomes = [outcome_of(each) for each in request["outcomes"]]
            began = time.perf_counter_ns()
            self._optimizer.tell(request["points"], outcomes)
            return {"ns": time.perf_counter_ns() - began}
        if do == "recommend":
            point = self._optimizer.recommend()
            return {"point": None if point is None else [float(v) for v in point]}
        raise ValueError(f'"{do}" is no request')


def packages() -> dict[str, str]:
    return {each.metadata["Name"]: each.version for each in importlib.metadata.distributions()}


def main() -> None:
    output = private_output()

    def say(line: dict[str, Any]) -> None:
        output.write(json.dumps(line) + "\n")
        output.flush()

    try:
        began = time.perf_counter_ns()
        module = importlib.import_module(f"peers.{sys.argv[1]}")
        version = module.version()
        spent = time.perf_counter_ns() - began
    except Exception as error:
        say({"error": f"{type(error).__name__}: {error}", "trace": traceback.format_exc()})
        return
    say({"version": version, "import_ns": spent, "packages": packages()})
    server = Server(module)
    for line in sys.stdin:
        try:
            say(server.answer(json.loads(line)))
        except BaseException as error:  # a panic of Rust is no Exception
            say({"error": f"{type(error).__name__}: {error}", "trace": traceback.format_exc()})
    output.flush()
    os._exit(0)  # some peers leave threads behind that would never end


if __name__ == "__main__":
    main()
