"""`python -m tests.coverage [TESTS]`: runs the Python tests, and prints which share of each package they run.

What runs in processes of their own, as the whole stack does, is not counted.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("contracts", "chassis", "services", "gateway", "deploy")


def table(files: dict[str, Any]) -> list[str]:
    """Returns a line for each package, from the files of coverage's JSON report."""
    statements: Counter[str] = Counter()
    covered: Counter[str] = Counter()
    for name, file in files.items():
        for package in ("all", "/".join(Path(name).parts[:-1][:2])):
            statements[package] += file["summary"]["num_statements"]
            covered[package] += file["summary"]["covered_lines"]
    return [
        f"{package:<28}{covered[package] / count:>6.1%}  {count - covered[package]:>5} of {count} lines not run"
        for package, count in sorted(statements.items())
        if count
    ]


def main(tests: list[str]) -> int:
    """Prints the table, and returns pytest's exit code."""
    with tempfile.TemporaryDirectory(prefix="outlay-coverage-") as folder:
        report = Path(folder) / "coverage.json"
        measured = [f"--cov={package}" for package in PACKAGES]
        options = ["--numprocesses=auto", "--maxprocesses=4", "--dist=loadfile", "--no-loadscope-reorder"]
        command = [sys.executable, "-m", "pytest", *options, *measured, f"--cov-report=json:{report}", *tests]
        environment = {"COVERAGE_FILE": str(Path(folder) / "coverage")}
        code = subprocess.run(command, cwd=ROOT, env=os.environ | environment, check=False).returncode
        if report.exists():
            print("\n".join(table(json.loads(report.read_text("utf-8"))["files"])))
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
