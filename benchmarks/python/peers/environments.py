"""Builds the isolated Python environments of the peers: `make peers`, or with asktell installed

    asktell-bench peers [NAME ...]      # files or methods; all when none is given

Each peer's REQUIREMENTS (see adapter.py) are installed in <folder>/<ENVIRONMENT>, constrained by
those of the peers that share it. One that does not install or import is noted with the error and
does not stop the others. <folder>/status.json keeps what came out, <ENVIRONMENT>/freeze.txt every
version and <ENVIRONMENT>/build.log what pip said. What has not changed since is left alone.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from . import catalog

Members = Mapping[str, Mapping[str, Any]]  # constants of the peers of one environment, by file
# The same pip for all; some older peers import pkg_resources, which newer setuptools lack.
TOOLS = ("pip==25.3", "setuptools==80.9.0", "wheel==0.45.1")


def grouped(peers: Members) -> dict[str, dict[str, Mapping[str, Any]]]:
    """Peers by environment; those that the runner's own interpreter serves are left out."""
    groups: dict[str, dict[str, Mapping[str, Any]]] = {}
    for name, given in peers.items():
        if given["ENVIRONMENT"]:
            groups.setdefault(given["ENVIRONMENT"], {})[name] = given
    return groups


def digest(members: Members) -> str:
    """Changes when anything does that an environment is made from."""
    made_from = [
        [name, given["REQUIREMENTS"], given["WITHOUT_DEPENDENCIES"]]
        for name, given in members.items()
    ]
    text = json.dumps([sys.version_info[:2], TOOLS, made_from])
    return hashlib.sha256(text.encode()).hexdigest()


def run(command: Sequence[str], log: Path) -> str:
    """Runs a command, its output appended to a log; "" or its first error, in one line."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    with log.open("a", encoding="utf-8") as file:
        file.write(f"$ {' '.join(command)}\n{done.stdout}\n")
    if done.returncode == 0:
        return ""
    lines = [line.strip() for line in done.stdout.splitlines() if line.strip()]
    errors = [line for line in lines if re.match(r"error\b", line, re.IGNORECASE)]
    return (errors or lines or [f"{command[0]} gave exit code {done.returncode}"])[0]


def served_version(python: Path, name: str) -> tuple[str, str]:
    """The version a peer reports when it is served, and "" or why it could not be."""
    try:
        done = subprocess.run(
            [str(python), str(catalog.HERE / "serve.py"), name],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=600,
        )
    except subprocess.TimeoutExpired:
        return "", "its import took more than 600 s"
    lines = done.stdout.splitlines()
    if not lines:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        return "", f"its import ended with exit code {done.returncode}: {last}"
    hello = json.loads(lines[0])
    return str(hello.get("version", "")), str(hello.get("error", "")).partition("\n")[0]


def build(place: Path, members: Members) -> dict[str, dict[str, str]]:
    """Makes one environment anew; version and error of each of its peers."""
    if place.exists():
        shutil.rmtree(place)
    place.mkdir(parents=True)
    log = place / "build.log"
    python = place / "bin" / "python"
    pins = place / "pins.txt"
    required = [each for given in members.values() for each in given["REQUIREMENTS"]]
    pins.write_text("\n".join(required) + "\n", encoding="utf-8")
    pip = [str(python), "-m", "pip", "install", "--progress-bar", "off", "-c", str(pins)]
    broken = run([sys.executable, "-m", "venv", str(place)], log) or run([*pip, *TOOLS], log)
    noted = {}
    for name, given in members.items():
        error = broken or run([*pip, *given["REQUIREMENTS"]], log)
        if given["WITHOUT_DEPENDENCIES"] and not error:
            error = run([*pip, "--no-deps", *given["WITHOUT_DEPENDENCIES"]], log)
        version = ""
        if not error:
            version, error = served_version(python, name)
        noted[name] = {"environment": place.name, "version": version, "error": error}
    if not broken:
        frozen = subprocess.run(
            [str(python), "-m", "pip", "freeze"], capture_output=True, text=True, check=True
        )
        (place / catalog.FREEZE).write_text(frozen.stdout, encoding="utf-8")
    return noted


def up_to_date(place: Path, members: Members) -> bool:
    stamp = place / "stamp"
    return stamp.exists() and stamp.read_text(encoding="utf-8") == digest(members)


def build_all(folder: Path, names: Sequence[str], force: bool = False) -> dict[str, dict[str, str]]:
    """Builds the environments of some peers (all when none is named); the status of all peers."""
    known = catalog.peers()
    wanted = {file_of(name, known) for name in names} or set(known)
    folder.mkdir(parents=True, exist_ok=True)
    for environment, members in grouped(known).items():
        place = folder / environment
        if wanted.isdisjoint(members) or (up_to_date(place, members) and not force):
            continue
        print(f"{environment}: {', '.join(members)} ...", flush=True)
        noted = build(place, members)
        everything = {**catalog.status(folder), **noted}
        path = folder / "status.json"
        path.write_text(json.dumps(everything, indent=1) + "\n", encoding="utf-8")
        if not any(each["error"] for each in noted.values()):
            (place / "stamp").write_text(digest(members), encoding="utf-8")
    return {name: each for name, each in catalog.status(folder).items() if name in known}


def file_of(name: str, known: Members) -> str:
    """The file of a peer, by its own name or that of one of its methods."""
    for stem, given in known.items():
        if name in (stem, stem.replace("_", "-"), *given["VARIANTS"]):
            return stem
    raise catalog.UnknownMethod(f'no peer is named "{name}"; there are: {", ".join(known)}')


def table(noted: Mapping[str, Mapping[str, str]]) -> str:
    """One line a peer: name, environment, version or what went wrong."""
    rows = [("peer", "environment", "version")]
    for name, each in sorted(noted.items()):
        rows.append((name, each["environment"], each["error"] or each["version"]))
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    return "\n".join(f"{a:{widths[0]}}  {b:{widths[1]}}  {c}" for a, b, c in rows)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="asktell-bench peers", description="Builds peers.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="peers; all when none is given")
    parser.add_argument("--folder", type=Path, help="where the environments are (build/peers)")
    parser.add_argument("--force", action="store_true", help="also what is up to date")
    given = parser.parse_args(arguments)
    folder = (given.folder or catalog.environments()).resolve()
    try:
        noted = build_all(folder, given.names, given.force)
    except catalog.UnknownMethod as error:
        print(error, file=sys.stderr)
        return 2
    print(table(noted))
    failed = sorted(name for name, each in noted.items() if each["error"])
    if failed:
        print(f"{len(failed)} of {len(noted)} cannot be used: {', '.join(failed)}")
        print(f"what pip said is in {folder}/<environment>/build.log")
    return 0


if __name__ == "__main__":
    sys.exit(main())
