"""What clients, stored tokens and stored entries rely on stays as it was recorded."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from contracts.book import IMAGES
from contracts.cookies import session_cookies
from contracts.identity import Claims, Role, Scope
from contracts.identity_journal import IDENTITY_IMAGES
from contracts.journal import JournalEntry, StreamMessage, Via
from deploy.public_api import event_lines, http_lines

ROOT = Path(__file__).resolve().parents[2]
RECORDED: dict[str, list[str]] = json.loads((ROOT / "tests" / "golden" / "api-2026-11-27.json").read_text("utf-8"))
_SLUG = re.compile(r'^    slug = "([a-z-]+)"$', re.MULTILINE)
_BEGINS_ACTION = {"unit_of_work", "begin", "new"}
"""The functions that are given the name of an action."""
_ACTION = re.compile("[a-z]+(_[a-z]+)*")


def sources() -> list[str]:
    folders = ("chassis", "services", "gateway")
    return [file.read_text("utf-8") for folder in folders for file in (ROOT / folder).rglob("*.py")]


def actions(source: str) -> Iterator[str]:
    """Yields the names of actions that a module passes on as literals."""
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    for call in calls:
        if isinstance(call.func, ast.Attribute) and call.func.attr in _BEGINS_ACTION:
            nodes = (node for argument in call.args for node in ast.walk(argument))
            texts = (node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))
            yield from (text for text in texts if _ACTION.fullmatch(text))


def current() -> dict[str, list[str]]:
    names: dict[str, Any] = {
        "http": http_lines(json.loads((ROOT / "docs" / "openapi.json").read_text("utf-8"))),
        "events": event_lines(json.loads((ROOT / "docs" / "asyncapi.json").read_text("utf-8"))),
        "problem types": {slug for source in sources() for slug in _SLUG.findall(source)},
        "actions": {name for source in sources() for name in actions(source)},
        "kinds": {*IMAGES, *IDENTITY_IMAGES},
        "via": set(Via),
        "roles and scopes": {*Role, *Scope},
        "claims": Claims.model_fields.keys(),
        "entry fields": {field.alias or name for name, field in JournalEntry.model_fields.items()},
        "stream fields": StreamMessage.model_fields.keys(),
        "cookies": {
            *session_cookies("https://outlay.example")[:2],
            *session_cookies("http://localhost:8000")[:2],
        },
    }
    return {name: sorted(map(str, values)) for name, values in names.items()}


@pytest.mark.parametrize("part", RECORDED)
def test_nothing_that_clients_rely_on_was_removed_or_changed(part: str) -> None:
    missing = set(RECORDED[part]) - set(current()[part])

    assert missing == set(), "clients of earlier versions would break"


def test_no_request_needs_more_than_it_did() -> None:
    """A new field or parameter of a recorded request is optional."""
    calls = {" ".join(line.split()[:2]) for line in RECORDED["http"]}
    added = set(current()["http"]) - set(RECORDED["http"])
    demands = {line for line in added if line.endswith(" required") and line.split()[2] in {"parameter", "request"}}

    assert {line for line in demands if " ".join(line.split()[:2]) in calls} == set()


def test_every_action_is_recorded() -> None:
    """The web app has a sentence for each, and older entries keep it for ever."""
    assert current()["actions"] == RECORDED["actions"]
