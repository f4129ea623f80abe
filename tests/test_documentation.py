"""What can be set, measured, called or heard is documented; what is documented as a metric exists."""

import re
import tomllib
from pathlib import Path

import pytest
from fastapi.routing import APIRoute
from prometheus_client import REGISTRY

from chassis.process import metrics as chassis_metrics  # noqa: F401 - registers its metrics, as those below
from contracts import headers, journal
from contracts.identity_journal import IDENTITY_STREAM
from gateway import metrics as gateway_metrics  # noqa: F401
from gateway.settings import Settings as GatewaySettings
from services.auth import metrics as auth_metrics  # noqa: F401
from services.auth.api_tokens import endpoints as api_token_endpoints
from services.auth.settings import Settings as AuthSettings
from services.auth.sign_in import endpoints as auth_routes
from services.expenses.ledger import internal_endpoints as book_internal
from services.expenses.settings import Settings as ExpensesSettings
from services.insights import metrics  # noqa: F401
from services.insights.erasure import endpoints as insights_internal
from services.insights.settings import ApiSettings, WorkerSettings

ROOT = Path(__file__).resolve().parent.parent
OPERATIONS = (ROOT / "docs" / "operations.md").read_text("utf-8")
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text("utf-8")
SETTINGS = (AuthSettings, ExpensesSettings, ApiSettings, WorkerSettings, GatewaySettings)


@pytest.mark.parametrize("settings", SETTINGS, ids=lambda settings: settings.__module__)
def test_every_setting_is_documented(settings: type[AuthSettings]) -> None:
    names = {(field.alias or name).upper() for name, field in settings.model_fields.items()}
    assert names
    assert {name for name in names if f"`{name}`" not in OPERATIONS} == set()


def test_every_metric_is_documented_and_every_documented_one_exists() -> None:
    ours = {family.name for family in REGISTRY.collect() if family.name.startswith("outlay_")}
    assert len(ours) > 5
    names = set(re.findall(r"`(outlay_[a-z_]+?)(?:_total)?(?:\{[^`]*\})?`", OPERATIONS))
    assert names == ours


def test_every_page_is_in_the_navigation_of_the_site() -> None:
    site = tomllib.loads((ROOT / "zensical.toml").read_text("utf-8"))["project"]
    pages = [page for entry in site["nav"] for page in entry.values()]
    assert sorted(pages) == sorted([*(page.name for page in (ROOT / "docs").glob("*.md")), "decisions/README.md"])


def test_every_stream_is_documented() -> None:
    assert journal.journal_stream(0).replace("p0", "pN") in ARCHITECTURE
    assert journal.LIVE_CHANNEL in ARCHITECTURE
    assert IDENTITY_STREAM in ARCHITECTURE


def test_every_header_of_ours_is_documented() -> None:
    ours = {value for value in vars(headers).values() if isinstance(value, str) and value.startswith("Outlay-")}
    documents = ARCHITECTURE + OPERATIONS + (ROOT / "docs" / "openapi.json").read_text("utf-8")
    assert {header for header in ours if header not in documents} == set()


def test_every_internal_route_is_documented() -> None:
    routers = (auth_routes.internal, api_token_endpoints.internal, book_internal.router, insights_internal.router)
    routes = [route for router in routers for route in router.routes if isinstance(route, APIRoute)]
    ours = {f"{method} {re.sub('[{].*', '', route.path)}" for route in routes for method in route.methods or ()}
    assert len(ours) > 5
    assert {route for route in ours if route not in ARCHITECTURE} == set()
