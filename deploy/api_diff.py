"""`python -m deploy.api_diff COMMIT`: prints what the API and its events gained (+) and lost (-) since a commit.

Exits with 1 where something was lost: clients of that version would notice.
"""

import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from deploy.public_api import event_lines, http_lines

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = {"docs/openapi.json": http_lines, "docs/asyncapi.json": event_lines}


class UnknownCommitError(Exception):
    """Git does not know the commit, or it has no description of the API. The text is git's."""


def difference(before: Iterable[str], after: Iterable[str]) -> tuple[list[str], list[str]]:
    """Returns the removed and the added lines."""
    old, new = set(before), set(after)
    return sorted(old - new), sorted(new - old)


def compare(commit: str, root: Path = ROOT) -> tuple[list[str], list[str]]:
    """Returns what was lost and what was gained since a commit. Raises `UnknownCommitError`."""
    lost: list[str] = []
    gained: list[str] = []
    for document, lines in DOCUMENTS.items():
        before = lines(json.loads(_at(commit, document, root)))
        after = lines(json.loads((root / document).read_text("utf-8")))
        fewer, more = difference(before, after)
        lost += fewer
        gained += more
    return lost, gained


def _at(commit: str, path: str, root: Path) -> str:
    command = ["git", "show", f"{commit}:{path}"]
    shown = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    if shown.returncode:
        raise UnknownCommitError(shown.stderr.strip())
    return shown.stdout


def main(commit: str) -> int:
    try:
        lost, gained = compare(commit)
    except UnknownCommitError as error:
        print(f"Nothing to compare with: {error}", file=sys.stderr)
        return 2
    for sign, lines in (("-", lost), ("+", gained)):
        for line in lines:
            print(sign, line)
    print(f"{len(gained)} gained, {len(lost)} lost since {commit}.")
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "HEAD"))
