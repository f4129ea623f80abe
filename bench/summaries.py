"""Measures whether a computed summary costs more with more payments."""

import secrets
import time
from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

from bench.bulk_ledgers import CATEGORIES, GENERATION, PAYMENTS, BulkLedger, analyze, category, fill
from bench.databases import NewDatabase
from bench.figures import Figures, milliseconds
from bench.programs import service
from bench.user import expect
from chassis.database import migrations
from chassis.database.engine import Database
from chassis.journal.continuity import Checkpoint
from chassis.projections.builds import ProjectionBuild
from contracts.book import CategoryImage, LedgerImage
from contracts.headers import REQUIRED_REVISION
from contracts.ids import LedgerId, UserId
from contracts.money import Money
from services.insights.migrations import FOLDER
from services.insights.projections import repository as totals_repository
from services.insights.projections.checkpoints import CHECKPOINTS
from services.insights.projections.totals import Cell, Delta, EntityKey, Sum
from tests.support.client import Client
from tests.support.issuer import Issuer
from tests.support.serving import serving

MILLION = BulkLedger(LedgerId(UUID(int=1)), 1_000_000, days=3_650)
THOUSAND = BulkLedger(LedgerId(UUID(int=2)), 1_000, days=365)
PERIODS = {"month": (date(2025, 6, 1), date(2025, 6, 30)), "all": (date(2015, 1, 1), date(2025, 12, 31))}
WARM, TURNS = 20, 400
REVISION = 1
JWKS = "/.well-known/jwks.json"


def measure(fresh: NewDatabase, _: Path) -> Figures:
    """Asked of the service itself, as the gateway asks when nothing is ready; the two ledgers in turn."""
    database_url, issuer = fresh(), Issuer()
    _fill(database_url)
    keys = {"insights>expenses": secrets.token_hex(32)}
    with serving(issuer.app()) as auth, service("insights", database_url, keys, JWKS_URL=auth + JWKS) as insights:
        clients = {many: Client(insights.url, issuer.token(UserId(many.ledger))) for many in (MILLION, THOUSAND)}
        p50 = {name: _p50(clients, *period) for name, period in PERIODS.items()}
    return {
        "month_growth": p50["month"][MILLION] / p50["month"][THOUSAND],
        "all_growth": p50["all"][MILLION] / p50["all"][THOUSAND],
        "month": p50["month"][MILLION],
        "all": p50["all"][MILLION],
        "month_of_few": p50["month"][THOUSAND],
        "all_of_few": p50["all"][THOUSAND],
    }


def _p50(clients: dict[BulkLedger, Client], since: date, until: date) -> dict[BulkLedger, float]:
    path = f"/api/v1/summary?from={since}&to={until}"
    taken: dict[BulkLedger, list[float]] = {many: [] for many in clients}
    for turn in range(WARM + TURNS):
        for many, client in clients.items():
            began = time.perf_counter()
            response = expect(client.get(path, **{REQUIRED_REVISION: str(REVISION)}), 200)
            ended = time.perf_counter()
            if turn >= WARM:
                taken[many].append(ended - began)
            elif turn == 0:
                _check(response.json, many, since, until)
    return {many: milliseconds(samples) for many, samples in taken.items()}


def _check(summary: dict[str, object], many: BulkLedger, since: date, until: date) -> None:
    inside = [one.minor for one in many.all() if since <= one.day <= until]
    right = (len(inside), Money(sum(inside), "EUR").amount)
    assert (summary["count"], summary["total"]) == right, f"{summary} is not {right}"


def _fill(database_url: str) -> None:
    """Payments in bulk; totals, names and settings are written by the service's own projection."""
    database = Database(database_url, durable=False)
    migrations.upgrade(database, FOLDER)
    for many in (MILLION, THOUSAND):
        fill(database, "payments", PAYMENTS, many.payments())
        with database.write() as session:
            totals_repository.write(session, _delta(many))
            CHECKPOINTS.switch(session, ProjectionBuild(many.ledger, GENERATION), Checkpoint(REVISION, uuid4()))
    analyze(database)
    database.close()


def _delta(many: BulkLedger) -> Delta:
    build, delta = ProjectionBuild(many.ledger, GENERATION), Delta()
    delta.settings[build] = LedgerImage(currency="EUR", time_zone="UTC", locale="en")
    for number in range(CATEGORIES):
        delta.categories[EntityKey(*build, category(number))] = CategoryImage(name=f"Category {number}")
    for one in many.all():
        delta.days[Cell(*build, one.day, one.category, "EUR")] += Sum(one.minor, 1)
    return delta
