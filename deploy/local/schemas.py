"""`python -m deploy.local.schemas`: checks whether this version of Outlay knows the databases' schemas in OUTLAY_HOME.

The services check that too; asked here, before anything is started, none of them is upgraded while another refuses. A
process of its own, since SQLite would stay in the supervisor's memory.
"""

import contextlib
import os
import sqlite3
import subprocess
import sys

from deploy.local.home import Home
from deploy.local.refusal import RefusalError
from deploy.local.workshop import ROOT

SERVICES = ("auth", "expenses", "insights")
CHECK = "deploy.local.schemas"
REFUSED = 3
"""Exit code of a refusal. 1 is that of any error in Python."""


def require_known(home: Home) -> None:
    """Raises RefusalError if a newer version has upgraded one of them."""
    settings = os.environ | {"OUTLAY_HOME": str(home.path)}
    command = [sys.executable, "-m", CHECK]
    check = subprocess.run(command, cwd=ROOT, env=settings, capture_output=True, text=True, check=False)
    if check.returncode == REFUSED:
        raise RefusalError(check.stderr.strip())
    if check.returncode:
        error = check.stderr.strip().splitlines()[-1:]
        raise RefusalError(
            f"It could not be found out whether this version of Outlay knows the data in {home.path}, so nothing was "
            f"started ({', '.join(error) or f'exit code {check.returncode}'})."
        )


def main() -> int:
    """Returns the exit code of the check; REFUSED only if a newer version has upgraded the data."""
    try:
        check(Home.named_in(os.environ))
    except RefusalError as refusal:
        print(refusal, file=sys.stderr)
        return REFUSED
    return 0


def check(home: Home) -> None:
    """Runs the check in this process."""
    newer = [service for service in SERVICES if (schema := _schema(home, service)) and schema > _newest(service)]
    if newer:
        copies = home.path / "data" / "before-upgrade"
        raise RefusalError(
            f"The data in {home.path} was upgraded by a newer version of Outlay ({', '.join(newer)}), so this version "
            "does not start. Run the newer version again; or to go back, put the copies from before that upgrade in "
            f"{copies} in their places (docs/operations.md says how)."
        )


def _newest(service: str) -> str:
    return max(path.name[:4] for path in (ROOT / "services" / service / "migrations" / "versions").glob("[0-9]*.py"))


def _schema(home: Home, service: str) -> str | None:
    file = home.path / "data" / f"{service}.sqlite"
    if not file.exists():
        return None
    # Unreadable data is for the service to report.
    with (
        contextlib.suppress(sqlite3.Error),
        contextlib.closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as it,
    ):
        row = it.execute("SELECT version_num FROM alembic_version").fetchone()
        return str(row[0]) if row else None
    return None


if __name__ == "__main__":
    sys.exit(main())
