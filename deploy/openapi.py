"""Generates the API's description from the services. `python -m deploy.openapi` writes it to docs/openapi.json.

With `--check` it writes nothing, and fails where the document is out of date.
"""

import json
import secrets
import sys
import tomllib
from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from deploy.local.workshop import ROOT
from deploy.openapi_calls import TAGS, describe
from deploy.openapi_events import event_components
from deploy.openapi_parts import COMPONENTS, DESCRIPTION
from services.auth import app as auth
from services.auth.settings import Settings as AuthSettings
from services.expenses import app as expenses
from services.expenses.settings import Settings as ExpensesSettings
from services.insights import app as insights
from services.insights.settings import ApiSettings as InsightsSettings

DOCUMENT = ROOT / "docs" / "openapi.json"

Json = dict[str, Any]

_NOWHERE = "http://127.0.0.1:1"
_FASTAPIS_OWN = ("HTTPValidationError", "ValidationError")
"""FastAPI's schemas of errors; ours are problem documents."""


def build() -> Json:
    """Returns the document of all public endpoints."""
    routes = [route for app in services() for route in app.routes]
    document = get_openapi(
        title="Outlay",
        version=version(),
        description=DESCRIPTION,
        routes=routes,
        tags=[{"name": name, "description": text} for name, text in TAGS.items()],
        servers=[{"url": "/"}],
    )
    for path, item in document["paths"].items():
        for method, operation in item.items():
            describe(path, method, operation)
    schemas = document["components"]["schemas"]
    schemas.update(event_components())
    for name in _FASTAPIS_OWN:
        schemas.pop(name, None)
    for kind, parts in COMPONENTS.items():
        document["components"][kind] = document["components"].get(kind, {}) | parts
    schemas = document["components"]["schemas"]
    document["components"]["schemas"] = {name: schemas[name] for name in sorted(schemas)}
    return document


def text_of(document: Json) -> str:
    """Returns the document as the file has it."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def services() -> Iterator[FastAPI]:
    """Yields the app of each service, created but never started: nothing connects, and no file is written."""
    key = secrets.token_hex(32)
    common = {
        "database_url": "sqlite:///never-opened.sqlite",
        "redis_url": "redis://127.0.0.1:1/0",
        "jwks_url": _NOWHERE,
        "log_level": "ERROR",
        "service_keys": {"expenses>auth": key, "insights>expenses": key},
    }
    of_auth = {"outlay_secret_key": key, "outlay_public_url": "http://localhost:8000"}
    called = {"expenses_url": _NOWHERE, "insights_url": _NOWHERE}
    yield auth.create(AuthSettings.model_validate({**common, **of_auth, **called}))
    yield expenses.create(ExpensesSettings.model_validate({**common, "auth_url": _NOWHERE}))
    yield insights.create(InsightsSettings.model_validate({**common, "expenses_url": _NOWHERE}))


def version() -> str:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return str(project["version"])


def main(arguments: list[str]) -> int:
    """Writes the document, or checks it."""
    text = text_of(build())
    if "--check" in arguments:
        if DOCUMENT.exists() and DOCUMENT.read_text("utf-8") == text:
            return 0
        print("docs/openapi.json is out of date: run `make client`.", file=sys.stderr)
        return 1
    DOCUMENT.write_text(text, "utf-8")
    print(f"Wrote {DOCUMENT.relative_to(ROOT)}.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
