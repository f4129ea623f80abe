"""Words and class names, as docs/contributing.md has them."""

import ast
import re
import subprocess
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIST_A = frozenset(
    [
        "shelf",
        "shelves",
        "desk",
        "desks",
        "bell",
        "bells",
        "rung",
        "deed",
        "deeds",
        "hindrance",
        "hindrances",
        "caretaker",
        "unkept",
        "unfetched",
        "misread",
        "whoever",
        "somebody",
        "nobody",
        "anybody",
        "noting",
        "housekeeping",
        "onward",
    ]
)
FREE = (
    *("docs/decisions/", "docs/contributing.md", "CHANGELOG.md", "tests/house/test_words.py"),
    *("tests/fixtures/", "tests/golden/", "frontend/src/locales/"),
)
"""Records, the list itself, recorded data, and sentences of screens."""
FROZEN = {
    "services/insights/ask/service.py": {"nobody"},
    "docs/openapi.json": {"nobody"},
    "frontend/src/lib/api/schema.d.ts": {"nobody"},
    "frontend/tests/features/insights/components/ask-box.test.tsx": {"nobody"},
    "tests/services/insights/ask/test_choices.py": {"nobody"},
    "tests/services/insights/test_same_names.py": {"shelf"},
}
"""Words of the public API and of released tables, which stay as they are."""
WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
SHARED = frozenset({"Base", "Settings", "LedgerRow", "EntryRow", "CategoryRow", "ErasureRow"})
"""Class names that each service may have for itself."""


def tracked(*patterns: str) -> list[str]:
    listed = subprocess.run(["git", "ls-files", *patterns], cwd=ROOT, capture_output=True, text=True, check=True)
    return [name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def test_no_word_of_list_a_is_used() -> None:
    names = tracked("*.py", "*.ts", "*.tsx", "*.css", "*.md", "*.json", "*.yml", "*.yaml", "*.toml", "*.sh", "Makefile")
    checked = [name for name in names if not name.startswith(FREE) and "/migrations/versions/" not in name]
    used = {name: words for name in checked if (words := words_of(name) & LIST_A - FROZEN.get(name, set()))}

    assert used == {}


def words_of(name: str) -> set[str]:
    return {word.lower() for word in WORD.findall((ROOT / name).read_text("utf-8"))}


def test_the_list_is_the_one_that_contributors_read() -> None:
    text = (ROOT / "docs" / "contributing.md").read_text("utf-8")
    block = re.search(r"\*\*List A.*?\n\n((?:    .*\n)+)", text)

    assert block is not None
    assert set(block[1].split()) <= LIST_A


def test_a_class_name_exists_once() -> None:
    found = defaultdict(list)
    for name in tracked("*.py"):
        for node in ast.walk(ast.parse((ROOT / name).read_text("utf-8"))):
            if isinstance(node, ast.ClassDef) and node.name not in SHARED:
                found[node.name].append(name)

    assert {name: files for name, files in found.items() if len(files) > 1} == {}
