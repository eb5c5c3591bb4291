"""asktell-bench: test problems, methods, runs, reports, latency, the regression gate."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from . import suites
from ._problems import problems
from .peers.client import PeerFailure
from .run_folder import Settings

METHODS = ("asktell-auto", "asktell-random", "optuna-tpe", "pycma")


def _problems(options: argparse.Namespace) -> int:
    found = problems(options.prefix)
    if not found:
        raise ValueError(f'no problem begins with "{options.prefix}"')
    if len(found) > 1:
        for name, info in found.items():
            print(f"{name:36} {info['summary']}")
        return 0
    (info,) = found.values()
    print(f"{info['name']}: {info['summary']}\n{info['reference']}")
    for option in info["options"]:
        print(f"  {option['name']}={option['default']}: {option['description']}")
    return 0


def _methods(options: argparse.Namespace) -> int:
    from .peers import catalog

    for name, method in catalog.methods().items():
        print(f"{name:28} {method.missing() or 'ready'}")
    return 0


def _peers(options: argparse.Namespace) -> int:
    from .peers import environments

    return environments.main([*options.names, *(["--force"] if options.force else [])])


def _run(options: argparse.Namespace) -> int:
    from . import runner

    development = options.command == "develop"
    small, full = (
        (suites.DEVELOPMENT, suites.DEVELOPMENT_FULL)
        if development
        else (suites.TEST, suites.TEST_FULL)
    )
    labels = suites.expand(options.problems or (full if options.full else small))
    suites.check_side(labels, development)
    settings = Settings(
        side="development" if development else "test",
        budget=options.budget or ("30d" if options.full else "20d"),
        start=options.start,
        batch=options.batch,
        pending=options.pending,
        ask_limit=options.ask_limit,
    )
    seeds = options.seeds or list(range(1, 21 if options.full else 4))
    ended = runner.run(
        options.methods,
        labels,
        seeds,
        settings,
        options.out,
        jobs=options.jobs,
        command=["asktell-bench", *sys.argv[1:]],
    )
    if ended:
        print(f"{len(ended)} runs ended early and are scored with what they had", file=sys.stderr)
    print(f"done; now: asktell-bench report {options.out}")
    return 0


def _report(options: argparse.Namespace) -> int:
    from . import report

    print(report.write(options.folder, options.ours, options.methods))
    return 0


def _export(options: argparse.Namespace) -> int:
    from . import export

    write = {"coco": export.to_coco, "ioh": export.to_ioh}[options.format]
    left_out = write(options.folder, options.out)
    print(f"written to {options.out}")
    if left_out:
        names = ", ".join(left_out)
        print(f"left out, as the format has no place for them: {names}", file=sys.stderr)
    return 0


def _latency(options: argparse.Namespace) -> int:
    from . import latency

    sizes = options.sizes or (latency.SIZES if options.full else (10, 50, 100))
    dimensions = options.dimensions or (latency.DIMENSIONS if options.full else (2, 6))
    path = latency.run(
        options.methods,
        dimensions,
        sizes,
        options.repeats or (5 if options.full else 2),
        options.ask_limit,
        options.out,
        ["asktell-bench", *sys.argv[1:]],
    )
    print(f"written to {path}")
    return 0


def _gate(options: argparse.Namespace) -> int:
    from . import gate_command

    return gate_command.main(options.baseline, options.update, options.programs, options.jobs)


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _numbers(text: str) -> list[int]:
    try:
        return suites.numbers(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _shared(command: argparse.ArgumentParser) -> None:
    command.add_argument("--out", type=Path, required=True, help="folder of the results")
    command.add_argument("--full", action="store_true", help="the long setting, for claims")
    command.add_argument(
        "--methods", type=_words, default=list(METHODS), help="such as asktell-gp_bo,optuna-tpe"
    )
    command.add_argument("--ask-limit", type=float, default=60, help="seconds, then a run ends")


def _add_run(commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str) -> None:
    side = "development" if name == "develop" else "test"
    command = commands.add_parser(name, help=f"run methods on problems of the {side} set")
    _shared(command)
    command.add_argument(
        "--problems",
        nargs="+",
        help='patterns, such as "bbob/f{1-24}:dimension={2,5},instance=101" "emulator/*-iris-*"',
    )
    command.add_argument("--seeds", type=_numbers, help="such as 1-5,8; from 1")
    command.add_argument(
        "--budget",
        help='evaluations: "20d+10" for 20 a dimension and 10 more, a '
        'number, or "own" for that of each problem',
    )
    command.add_argument(
        "--start",
        choices=("design", "own"),
        default="design",
        help="the same Sobol points for all, or each method's own start",
    )
    command.add_argument("--batch", type=int, default=1, help="points asked and told together")
    command.add_argument("--pending", type=int, default=1, help="points out at any time")
    command.add_argument("--jobs", type=int, default=os.cpu_count(), help="runs side by side")
    command.set_defaults(run=_run)


def parser() -> argparse.ArgumentParser:
    main = argparse.ArgumentParser("asktell-bench", description=(__doc__ or "").partition(": ")[2])
    commands = main.add_subparsers(dest="command", required=True)

    command = commands.add_parser("problems", help="list the test problems, or describe one")
    command.add_argument("prefix", nargs="?", default="", help='such as "bbob/"')
    command.set_defaults(run=_problems)

    command = commands.add_parser("methods", help="list what can be run, and what is missing")
    command.set_defaults(run=_methods)

    command = commands.add_parser("peers", help="build the environments of the peers")
    command.add_argument("names", nargs="*", help="such as optuna pycma; all when none is given")
    command.add_argument("--force", action="store_true", help="also what is up to date")
    command.set_defaults(run=_peers)

    _add_run(commands, "develop")
    _add_run(commands, "test")

    command = commands.add_parser("report", help="tables, plots and one HTML page of a run")
    command.add_argument("folder", type=Path)
    command.add_argument("--ours", help="the method to compare with the others; asktell-auto")
    command.add_argument("--methods", type=_words, help="only these")
    command.set_defaults(run=_report)

    command = commands.add_parser("export", help="a run in the format of another tool")
    command.add_argument("folder", type=Path)
    command.add_argument("--format", choices=("coco", "ioh"), required=True)
    command.add_argument("--out", type=Path, required=True)
    command.set_defaults(run=_export)

    command = commands.add_parser("latency", help="milliseconds a suggestion, methods in turn")
    _shared(command)
    command.add_argument("--dimensions", type=_numbers, help="such as 2,6")
    command.add_argument("--sizes", type=_numbers, help="observations, such as 10,100")
    command.add_argument("--repeats", type=int, help="data sets")
    command.set_defaults(run=_latency)

    command = commands.add_parser("gate", help="whether a solver of ours became worse")
    command.add_argument("baseline", type=Path, help="the JSON file to compare with")
    command.add_argument("--update", action="store_true", help="write it anew instead")
    command.add_argument(
        "--programs", type=Path, default=Path("build/release/bin"), help="where bench_ask is"
    )
    command.add_argument("--jobs", type=int, default=os.cpu_count(), help="runs side by side")
    command.set_defaults(run=_gate)
    return main


def main(arguments: Sequence[str] | None = None) -> int:
    options = parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except (ValueError, RuntimeError, PeerFailure) as error:
        print(f"asktell-bench: {error}", file=sys.stderr)
    except ModuleNotFoundError as error:
        print(
            f'asktell-bench: "{error.name}" is not installed; pip install "asktell[benchmarks]"',
            file=sys.stderr,
        )
    return 1


if __name__ == "__main__":
    sys.exit(main())
