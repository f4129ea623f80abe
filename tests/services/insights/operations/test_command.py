"""`outlay`, the operator's command: what it says of a world in which things went wrong, and how it mends them."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
import redis
import sqlalchemy as sa

from chassis.database.engine import Database, table_of
from chassis.errors import Unavailable
from chassis.journal.feed import ServiceClient
from contracts.operations import UNNAMED_PROXY, UnnamedProxy
from services.insights.components import InsightsComponents
from services.insights.operations import report
from services.insights.projections.checkpoints import CHECKPOINTS
from services.insights.tables import MonthTotal
from tests.support.book import restore_to_revision
from tests.support.ledger_services import LedgerServices, LedgerUser
from tests.support.outlay import Outlay

YEAR = "/api/v1/summary?from=2026-01-01&to=2026-12-31"


def read(user: LedgerUser, **headers: str) -> Any:
    return user.totals.get(YEAR, **headers)


def test_at_rest_all_is_well(
    outlay: Outlay, services: LedgerServices, components: tuple[InsightsComponents, Database]
) -> None:
    user = services.new_user()
    user.record("5", spent_on="2026-05-05")
    components[0].operations.sweep()
    said = outlay("status")
    assert said.code == 0
    assert said.line("Storage") == "Storage       expenses, insights: no damage found"
    assert said.line("Journal").startswith("Journal       1 ledger, ")
    assert said.line("Totals") == "Totals        0 entries behind"
    assert said.line("Set aside") == "Set aside     none"
    assert " due, " in said.line("Insight jobs")
    assert " s ago, found " in said.line("Last sweep")


def test_what_is_behind_is_named_the_furthest_first(outlay: Outlay, services: LedgerServices) -> None:
    little, much = services.new_user(), services.new_user()
    for user, count in ((little, 2), (much, 7)):
        for _ in range(count):
            user.record("5", spent_on="2026-05-05")
    said = outlay("status")
    assert said.line("Totals") == "Totals        11 entries behind, in 2 ledgers"
    places = [said.text.index(f"{user.account}  {lag} behind, at 0") for user, lag in ((much, 8), (little, 3))]
    assert places == sorted(places)
    told = json.loads(outlay("status", "--json").text)
    assert [one["ledger"] for one in told["behind"]] == [str(much.account), str(little.account)]
    for user in (little, much):
        assert read(user).status == 200
    assert outlay("status").line("Totals").endswith(" 0 entries behind")


def test_one_ledger_is_named_in_the_singular(outlay: Outlay, services: LedgerServices) -> None:
    user = services.new_user()
    user.record("5", spent_on="2026-05-05")
    assert outlay("status").line("Totals").endswith(" 2 entries behind, in 1 ledger")
    assert read(user).status == 200


def test_verify_finds_drift_mends_it_and_fails(
    outlay: Outlay, services: LedgerServices, components: tuple[InsightsComponents, Database]
) -> None:
    user = services.new_user()
    user.record("5", spent_on="2026-05-05")
    assert read(user).json["total"] == "5.00"
    agreed = outlay("verify", user.account)
    assert (agreed.code, agreed.text) == (0, "1 agree with the book to the last cent, 0 differed.\n")
    table = table_of(MonthTotal)
    with components[1].write() as session:
        standing = CHECKPOINTS.position(session, user.ledger)
        assert standing
        session.execute(sa.update(table).where(standing.build.rows(table)).values(total=table.c.total + 1))
    differed = outlay("verify")
    assert differed.code == 1
    assert f"{user.account}  differed from the book, and was rebuilt" in differed.text
    assert ", 1 differed" in differed.text
    assert outlay("verify").code == 0
    assert "; 1 drift ever" in outlay("status").line("Last audit")


def test_a_journal_that_was_put_back_is_told_and_rebuilt(
    outlay: Outlay, services: LedgerServices, book: Database
) -> None:
    user = services.new_user()
    for amount in ("1", "2", "4"):
        user.record(amount, spent_on="2026-05-05")
    assert read(user).json["count"] == 3
    restore_to_revision(book, user.ledger, 2)
    assert f"{user.account}  the journal was put back" in outlay("status").text
    assert outlay("rebuild", user.account).code == 0
    assert read(user).json["count"] == 1
    assert str(user.account) not in outlay("status").text


def test_while_the_book_is_away_the_rest_is_told(outlay: Outlay) -> None:
    away = {"EXPENSES_URL": "http://127.0.0.1:1"}
    said = outlay("status", **away)
    assert said.code == 1
    assert said.line("Journal") == "Journal       the book does not answer"
    assert said.line("Set aside")
    assert "book does not answer" in str(outlay("verify", **away).code)
    assert outlay("verify", uuid4(), **away).code == 1


def test_a_proxy_that_is_not_named_is_told(outlay: Outlay, services: LedgerServices) -> None:
    with redis.Redis.from_url(services.insights_settings.redis_url.get_secret_value()) as cache:
        assert "Proxy" not in outlay("status").text
        seen = UnnamedProxy(address="172.18.0.5", seen_at=datetime.now(UTC))
        cache.set(UNNAMED_PROXY, seen.model_dump_json())

        assert outlay("status").line("Proxy").startswith("Proxy         X-Forwarded-For came from 172.18.0.5, ")
        assert "GATEWAY_TRUSTED_PROXIES" in outlay("status").text
        assert json.loads(outlay("status", "--json").text)["unnamed_proxy"]["address"] == "172.18.0.5"
        cache.set(UNNAMED_PROXY, "nonsense")
        assert outlay("status").code == 0
        assert json.loads(outlay("status", "--json").text)["unnamed_proxy"] is None
        cache.delete(UNNAMED_PROXY)


def test_a_database_without_tables_is_said_in_a_sentence(outlay: Outlay, database_url: str) -> None:
    assert "database of insights cannot be asked" in str(outlay("status", DATABASE_URL=database_url).code)


def test_it_runs_as_a_program(environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "services.insights.cli"]
    done = subprocess.run([*command, "status"], env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Journal" in done.stdout
    untold = subprocess.run([*command, "status"], env={}, capture_output=True, text=True, check=False)
    assert untold.returncode == 1
    assert "database_url" in untold.stderr
    assert "Traceback" not in untold.stderr
    asked = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert asked.returncode == 2
    assert "status" in asked.stderr


@pytest.mark.parametrize(
    ("path", "unknown"),
    [
        ("/internal/backlog", "backlog"),
        ("/internal/same-names", "same_names"),
        ("/internal/stored", "stored"),
        ("/internal/heads", "behind"),
    ],
)
def test_a_question_that_the_book_cannot_answer_hides_no_other_answer(
    outlay: Outlay, services: LedgerServices, path: str, unknown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    services.new_user().record("5", spent_on="2026-05-05")
    components, database = services.components()
    get = ServiceClient.get

    def failing(client: ServiceClient, asked: str, *rest: Any, **more: Any) -> Any:
        if asked.startswith(path):
            raise Unavailable
        return get(client, asked, *rest, **more)

    monkeypatch.setattr(ServiceClient, "get", failing)
    now = datetime.now(UTC)
    status = components.operations.status(now)
    database.close()

    told = {name: getattr(status, name) is not None for name in ("backlog", "same_names", "stored", "behind")}
    assert told == dict.fromkeys(told, True) | {unknown: False}
    lines = list(report.status(status, now))
    assert [number for number in (0, 1) if "unknown" in lines[number]] == {"backlog": [0], "behind": [1]}.get(
        unknown, []
    )
    assert outlay("status").code == 1
    assert ("announced" in lines[0], "ledger" in lines[0]) == (True, unknown != "behind")
