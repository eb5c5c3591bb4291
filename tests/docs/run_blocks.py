"""Runs the fenced code blocks of Markdown files, so that no page shows what does not work.

Usage: run_blocks.py --prefix <installed asktell> [--failures N] FILE.md...
The vocabulary of the `<!-- snippet: ... -->` directives is in README.md beside this file.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
TIMEOUT = 300  # seconds for one block; a page's examples are short
RUNNABLE = {"cpp", "c", "python", "sh"}
EXTENSION = {"cpp": "hpp", "c": "h", "python": "py", "sh": "sh"}
DIRECTIVE = re.compile(r"<!--\s*snippet:\s*(\w+)\s*(.*?)\s*-->")
FENCE = re.compile(r"^(\s*)(```+)\s*(\w*)\s*$")
# A C++ block that begins a line with one of these is a file; any other is a function's body.
DECLARATION = re.compile(
    r"^(class|struct|enum|namespace|template|ASKTELL_REGISTER_SOLVERS|using namespace)\b"
    r"|^[\w:<>,&* ]+\([^;]*\)\s*(const\s*)?\{\s*$",
    re.MULTILINE,
)
CONTROL = re.compile(r"^(for|while|if|else|switch|do|try|return)\b")


class BlockError(Exception):
    """A block that does not do what the page says."""


@dataclass
class Block:
    """One fenced block: where it stands, its language and what the directives before it say."""

    file: Path
    line: int
    language: str
    code: str
    norun: bool = False
    preludes: list[str] = field(default_factory=list)
    expected: str | None = None
    copy_of: Path | None = None

    @property
    def place(self) -> str:
        return f"{self.file}:{self.line} ({self.language})"

    def prelude_files(self) -> list[Path]:
        files = [HERE / "with" / f"{name}.{EXTENSION[self.language]}" for name in self.preludes]
        for file in files:
            if not file.exists():
                raise BlockError(f"the directive names {file.name}, which {file.parent} lacks")
        return files


def parse(path: Path) -> list[Block]:
    """The runnable blocks of a page. A `text` block after `snippet: output` belongs to the last."""
    blocks: list[Block] = []
    directives: list[tuple[str, str]] = []
    lines = path.read_text(encoding="utf-8").splitlines()
    index = 0
    while index < len(lines):
        fence = FENCE.match(lines[index])
        if not fence:
            directives += DIRECTIVE.findall(lines[index])
            index += 1
            continue
        start = index + 1
        index = start
        while index < len(lines) and lines[index].strip() != fence[2]:
            index += 1
        code = "\n".join(line[len(fence[1]) :] for line in lines[start:index]) + "\n"
        take(blocks, Block(path, start, fence[3], code), directives)
        directives = []
        index += 1
    return blocks


def take(blocks: list[Block], block: Block, directives: list[tuple[str, str]]) -> None:
    """Applies the directives and keeps the block, or makes it the expected output of the last."""
    for word, rest in directives:
        if word == "output" and blocks:
            blocks[-1].expected = block.code
            return
        if word == "norun" and rest:
            block.norun = True
        elif word == "with" and rest:
            block.preludes += rest.split()
        elif word == "file" and rest:
            block.copy_of = HERE.parent.parent / rest
        else:
            raise SystemExit(f"{block.place}: no directive 'snippet: {word} {rest}'; see README.md")
    if block.language in RUNNABLE:
        blocks.append(block)


def matches(expected: str, printed: str) -> bool:
    """Whether `printed` is `expected`, in which ... stands for anything, also for whole lines."""
    pattern = r"[\s\S]*?".join(re.escape(part) for part in expected.strip().split("..."))
    return re.fullmatch(pattern, printed.strip()) is not None


class Page:
    """Runs the blocks of one page: one folder a language, one Python namespace."""

    def __init__(self, prefix: Path, folder: Path) -> None:
        self.prefix = prefix
        self.folder = folder
        self.worker: PythonWorker | None = None
        # The plots of a page are written, never shown.
        self.environment = dict(os.environ, MPLBACKEND="Agg", PYTHONWARNINGS="error::FutureWarning")
        self.environment.pop("PYTHONPATH", None)
        library = next(prefix.glob("lib*/**/libasktell.so"), None)
        if library is None:
            raise SystemExit(f"no libasktell.so below {prefix}; run cmake --install first")
        self.library_folder = str(library.parent)

    def run(self, block: Block) -> str:
        where = self.folder / block.language
        where.mkdir(exist_ok=True)
        return getattr(self, f"run_{block.language}")(block, where)

    def call(self, command: list[str], where: Path) -> str:
        try:
            done = subprocess.run(
                command,
                cwd=where,
                env=self.environment,
                capture_output=True,
                text=True,
                timeout=TIMEOUT,
                stdin=subprocess.DEVNULL,
            )
        except subprocess.TimeoutExpired as late:
            raise BlockError(f"ran longer than {TIMEOUT} s") from late
        if done.returncode:
            raise BlockError(f"exit code {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def run_cpp(self, block: Block, where: Path) -> str:
        return self.compile(block, where, "g++ -std=c++20 -Wall -Wextra", "asktell.hpp", "cpp")

    def run_c(self, block: Block, where: Path) -> str:
        return self.compile(block, where, "gcc -std=c11 -Wall -Wextra", "asktell.h", "c")

    def compile(self, block: Block, where: Path, compiler: str, header: str, ending: str) -> str:
        source = where / f"block{block.line}.{ending}"
        whole = re.search(r"\bmain\s*\(", block.code) is not None
        source.write_text(block.code if whole else wrapped(block.code, header), encoding="utf-8")
        flags = [f"-I{self.prefix}/include", "-isystem", "/usr/include/eigen3"]
        for prelude in block.prelude_files():
            flags += ["-include", str(prelude)]
        command = [*compiler.split(), *flags, str(source)]
        if block.norun or not whole:
            self.call([*command, "-fsyntax-only"], where)
            return ""
        program = str(source.with_suffix(""))
        rpath = f"-Wl,-rpath,{self.library_folder}"
        link = [f"-L{self.library_folder}", "-lasktell", rpath]
        self.call([*command, "-o", program, *link], where)
        return self.call([program], where)

    def run_python(self, block: Block, where: Path) -> str:
        """Runs in the namespace that the page's earlier Python blocks left."""
        source = where / f"block{block.line}.py"
        source.write_text(block.code, encoding="utf-8")
        compile(block.code, block.place, "exec")
        if block.norun:
            return ""
        if self.worker is None:
            self.worker = PythonWorker(where, self.environment)
        output = ""
        for file in [*block.prelude_files(), source]:
            output = self.worker.execute(file)
        return output

    def run_sh(self, block: Block, where: Path) -> str:
        source = where / f"block{block.line}.sh"
        source.write_text(block.code, encoding="utf-8")
        if block.norun:
            return self.call(["bash", "-n", str(source)], where)
        script = "".join(f"source {file}\n" for file in [*block.prelude_files(), source])
        return self.call(["bash", "-e", "-o", "pipefail", "-c", script], where)

    def close(self) -> None:
        if self.worker is not None:
            self.worker.close()


def wrapped(code: str, header: str) -> str:
    """A block without main as a file: declarations as they are, statements inside a function."""
    lines = code.splitlines()
    includes = [line for line in lines if line.startswith("#include")]
    body = "\n".join(line for line in lines if not line.startswith("#include"))
    declares = any(
        DECLARATION.match(line) and not CONTROL.match(line) for line in body.splitlines()
    )
    if not declares:
        body = f"[[maybe_unused]] static void snippet() {{\n{body}\n}}"
        if header.endswith(".h"):
            body = body.replace("[[maybe_unused]] static ", "")
    return "\n".join([f"#include <asktell/{header}>", *includes, body, ""])


class PythonWorker:
    """One interpreter for all Python blocks of a page; reads file names, prints what they print."""

    LOOP = """
import sys, traceback
space = {"__name__": "__main__"}
for line in sys.stdin:
    path = line.strip()
    try:
        exec(compile(open(path, encoding="utf-8").read(), path, "exec"), space)
        word = "done"
    except BaseException:
        traceback.print_exc(file=sys.stdout)
        word = "failed"
    print(f"\\n\\x04{word}", flush=True)
"""

    def __init__(self, where: Path, environment: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            ["timeout", str(TIMEOUT * 4), sys.executable, "-c", self.LOOP],
            cwd=where,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def execute(self, file: Path) -> str:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(f"{file}\n")
        self.process.stdin.flush()
        printed = []
        for line in self.process.stdout:
            if line.startswith("\x04"):
                if line.strip("\x04\n") == "failed":
                    raise BlockError("".join(printed))
                return "".join(printed)
            printed.append(line)
        raise BlockError("the interpreter ended\n" + "".join(printed))

    def close(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait(timeout=TIMEOUT)


def run_page(path: Path, prefix: Path) -> tuple[int, list[str]]:
    """Number of blocks that passed, and a message for each that did not."""
    passed, failures = 0, []
    with tempfile.TemporaryDirectory(prefix="asktell-docs-") as folder:
        page = Page(prefix, Path(folder))
        for block in parse(path):
            try:
                if block.copy_of is not None and block.copy_of.read_text() != block.code:
                    raise BlockError(f"is not what {block.copy_of} holds")
                printed = page.run(block)
                if block.expected is not None and not matches(block.expected, printed):
                    raise BlockError(f"expected:\n{block.expected}printed:\n{printed}")
                passed += 1
            except (BlockError, SyntaxError) as error:
                failures.append(f"{block.place}: {error}")
        page.close()
    return passed, failures


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--prefix", type=Path, required=True, help="where asktell is installed")
    parser.add_argument("--failures", type=int, default=0, help="blocks that must fail")
    parser.add_argument("files", type=Path, nargs="+")
    arguments = parser.parse_args()
    passed, failures = 0, []
    for path in arguments.files:
        good, bad = run_page(path, arguments.prefix.resolve())
        print(f"{path}: {good} passed, {len(bad)} failed", flush=True)
        passed += good
        failures += bad
    wrong = len(failures) != arguments.failures
    if wrong:
        print("\n\n".join(failures))
    if not arguments.failures:
        print(f"{passed} passed, {len(failures)} failed")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
