"""`python -m tests.coverage [TESTS]`: runs the Python tests, and prints which share of each package they run.

Processes that the tests start are counted too, unless they are killed.
"""

import json
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("contracts", "chassis", "services", "gateway", "deploy")

SETTINGS = "[run]\npatch = subprocess\nparallel = true\nrelative_files = true\n"
"""Not by pytest-cov: in pytest's workers it starts only after they have imported most of what is measured."""


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
        report, settings = Path(folder) / "coverage.json", Path(folder) / "coverage.ini"
        sources = "".join(f"\n    {ROOT / package}" for package in PACKAGES)
        settings.write_text(SETTINGS + f"data_file = {folder}/data\nsource ={sources}\n", "utf-8")
        options = ["--numprocesses=auto", "--maxprocesses=4", "--dist=loadfile"]
        code = _coverage("run", f"--rcfile={settings}", "-m", "pytest", *options, *tests)
        _coverage("combine", "--quiet", f"--rcfile={settings}")
        _coverage("json", "--quiet", f"--rcfile={settings}", "-o", str(report))
        print("\n".join(table(json.loads(report.read_text("utf-8"))["files"])))
    return code


def _coverage(*words: str) -> int:
    return subprocess.run([sys.executable, "-m", "coverage", *words], cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
