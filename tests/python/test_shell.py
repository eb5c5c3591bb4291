"""The asktell program, as a shell user meets it."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

PROGRAM = """#!/bin/sh
echo "iteration 7 of 9"
awk -v x="$1" -v y="$2" 'BEGIN { print "value", (x - 3) ^ 2 + y * y }'
"""


def shell(folder: Path, command: str, *, code: int = 0) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        command, shell=True, cwd=folder, capture_output=True, text=True, env=os.environ
    )
    assert done.returncode == code, done.stderr
    return done


@pytest.fixture
def study(tmp_path: Path) -> Path:
    program = tmp_path / "simulate"
    program.write_text(PROGRAM)
    program.chmod(0o755)
    shell(tmp_path, "asktell create s.db --real x=-5:10 --real y=0:15 --seed 7")
    return tmp_path


def test_run_goes_on_and_reports(study: Path) -> None:
    shell(study, "asktell run s.db --trials 10 --parallel 2 -- ./simulate {x} {y}")
    done = shell(study, "asktell run s.db --trials 25 -- ./simulate {x} {y}")
    assert "25 told, 0 failed" in done.stderr
    best = json.loads(shell(study, "asktell best s.db --format json").stdout)
    assert best["value"] < 0.5
    assert len(shell(study, "asktell trials s.db --format csv").stdout.splitlines()) == 26
    report = shell(study, "asktell report s.db").stdout
    assert report.startswith("<!doctype html>") and "<svg" in report and "http" not in report


def test_one_trial_by_hand(study: Path) -> None:
    asked = json.loads(shell(study, "asktell ask s.db").stdout)
    assert asked["trial"] == 0 and set(asked["params"]) == {"x", "y"}
    shell(study, "asktell tell s.db 0 0.5")
    shell(study, "asktell tell s.db 0 0.5")  # the same again: it had arrived
    assert "told-twice" in shell(study, "asktell tell s.db 0 0.6", code=1).stderr
    assert "unknown-trial" in shell(study, "asktell tell s.db 9 0.6", code=1).stderr
    shell(study, "asktell ask s.db")
    shell(study, "asktell fail s.db 1 'mesh did not converge'")
    assert "mesh did not converge" in shell(study, "asktell trials s.db").stdout
    shell(study, "asktell enqueue s.db x=1 y=2")
    assert json.loads(shell(study, "asktell ask s.db").stdout)["params"] == {"x": 1.0, "y": 2.0}
    shell(study, "asktell copy s.db t.db")
    assert shell(study, "asktell best t.db").stdout == shell(study, "asktell best s.db").stdout


def test_programs_that_fail_are_named(study: Path) -> None:
    silent = shell(study, "asktell run s.db --trials 5 -- true", code=1)
    assert "no number was printed" in silent.stderr
    assert "cannot start" in shell(study, "asktell run s.db --trials 5 -- ./none", code=1).stderr
    wrong = shell(study, "asktell run s.db --trials 5 -- ./simulate {z}", code=1)
    assert "{z}" in wrong.stderr


def test_time_outs_are_failures(study: Path) -> None:
    shell(study, "asktell tell s.db $(asktell ask s.db | grep -o '[0-9]*' | head -n 1) 1")
    shell(study, "asktell run s.db --trials 2 --timeout 0.3 -- sh -c 'sleep 30; echo {x}'")
    assert "timed out after 0.3 s" in shell(study, "asktell trials s.db").stdout


def test_bad_files_are_named(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("not a study" * 500)
    assert "not-a-study" in shell(tmp_path, "asktell best text.db", code=1).stderr
    assert "no-study" in shell(tmp_path, "asktell best none.db", code=1).stderr
    shell(tmp_path, "asktell create s.db --real x=0:1")
    assert "exists" in shell(tmp_path, "asktell create s.db --real x=0:1", code=1).stderr
    assert "reversed" in shell(tmp_path, "asktell create u.db --real x=1:0", code=1).stderr
    assert not (tmp_path / "u.db").exists()


def test_solvers_are_described(tmp_path: Path) -> None:
    assert "gp_bo" in shell(tmp_path, "asktell solvers").stdout
    assert "n_initial" in shell(tmp_path, "asktell solvers gp_bo").stdout
    names = [
        each["name"] for each in json.loads(shell(tmp_path, "asktell solvers --format json").stdout)
    ]
    assert "nlopt.cobyla" in names and "auto" in names
