"""Makes the modules of benchmarks/ importable by their names, as when its programs are run."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))
