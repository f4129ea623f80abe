"""An export that its client does not read: it holds up no other, and no snapshot of the database."""

import asyncio
import errno
import json
from collections.abc import Iterator
from uuid import uuid4

import pytest
import sqlalchemy as sa
from starlette.types import Message

from chassis.database.engine import Database
from chassis.errors import NotFound, TooManyRequests, Unavailable
from contracts.ids import LedgerId, UserId
from services.expenses.categories.tables import CategoryRow
from services.expenses.ledger import export as exporting_module
from services.expenses.ledger.export import MAX_EXPORTS, MAX_EXPORTS_PER_ACCOUNT, MAX_READING, Export, LedgerExporter
from services.expenses.ledger.export_endpoints import ZipResponse
from services.expenses.ledger.spool import Spool
from tests.support.book import SETTINGS, Book, migrated_book
from tests.support.exports import exporting, files, fill
from tests.support.waiting import until


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = migrated_book(database_url)
    yield database
    database.close()


def test_few_are_under_way_at_once_and_an_abandoned_one_gives_its_place_back(database: Database) -> None:
    ledger, exports = fill(database, 500), exporting(database)
    own = [exports.export(LedgerId(ledger), UserId(ledger)) for _ in range(MAX_EXPORTS_PER_ACCOUNT)]
    with pytest.raises(TooManyRequests):
        exports.export(LedgerId(ledger), UserId(ledger))
    others = [
        written(exports.export(LedgerId(ledger), UserId(uuid4()))) for _ in range(MAX_EXPORTS - MAX_EXPORTS_PER_ACCOUNT)
    ]
    with pytest.raises(Unavailable):
        exports.export(LedgerId(ledger), UserId(uuid4()))
    own[0].close()
    again = exports.export(LedgerId(ledger), UserId(ledger))
    for one in (own[1], *others, again):
        one.close()
    assert set(SETTINGS) < set(json.loads(files(sent(exports.export(LedgerId(ledger), UserId(ledger))))["ledger.json"]))


def sent(export: Export) -> bytes:
    whole = b"".join(export.parts())
    export.close()
    return whole


def written(export: Export) -> Export:
    """Once all of it was read from the database; nothing of it is read by a client."""
    until(lambda: export._spool._finished, what="the database to be read")
    return export


def test_clients_that_read_nothing_hold_no_snapshot_and_prevent_no_other_export(database: Database) -> None:
    ledger, exports = fill(database, 2_000), exporting(database)
    stuck = [written(exports.export(LedgerId(ledger), UserId(uuid4()))) for _ in range(MAX_READING + 1)]
    assert until(lambda: database.engine.pool.checkedout() == 0, what="the connections to be given back")  # type: ignore[attr-defined]
    Book(database).write_entries(LedgerId(ledger), 50)
    if database.is_sqlite:
        with database.engine.connect() as connection:
            busy, pages, _ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
        assert (busy, pages) == (0, 0), "no reader pins the log of writes"
    assert len(sent(exports.export(LedgerId(ledger), UserId(ledger)))) > 10_000
    for one in stuck:
        assert len(files(sent(one))["expenses.csv"].splitlines()) == 2_001


def test_an_export_whose_client_disconnected_ends(database: Database) -> None:
    ledger, exports = fill(database, 20_000), exporting(database)
    for _ in range(3 * MAX_READING):
        export = until(lambda: begun(exports, LedgerId(ledger)), what="a turn")
        assert export
        assert next(export.parts())
        export.close()
    until(lambda: database.engine.pool.checkedout() == 0, what="the connections to be given back")  # type: ignore[attr-defined]


def begun(exports: LedgerExporter, ledger: LedgerId) -> Export | None:
    try:
        return exports.export(ledger, UserId(ledger))
    except Unavailable:
        return None


@pytest.mark.parametrize("server", ["2.3", "2.4"])
def test_a_client_that_takes_nothing_is_cut_off_and_its_place_is_free(database: Database, server: str) -> None:
    ledger, exports = fill(database, 500), exporting(database)

    async def stuck(message: Message) -> None:
        if message["type"] == "http.response.body":
            await asyncio.Event().wait()

    async def silent() -> Message:
        await asyncio.Event().wait()
        raise AssertionError("nothing comes")

    for _ in range(2 * MAX_EXPORTS_PER_ACCOUNT):
        response = ZipResponse(exports.export(LedgerId(ledger), UserId(ledger)), "ledger.zip", write_timeout=0.05)
        asyncio.run(response({"type": "http", "asgi": {"spec_version": server}}, silent, stuck))


def test_an_error_on_the_way_ends_the_file_before_its_end(database: Database) -> None:
    ledger = fill(database, 500)
    with database.write() as session:
        session.execute(sa.delete(CategoryRow))
    export = exporting(database).export(LedgerId(ledger), UserId(ledger))
    with pytest.raises(KeyError):
        sent(export)


def test_an_export_without_a_temporary_file_gives_its_turn_back(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger, exports = fill(database, 500), exporting(database)

    def full() -> Spool:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(exporting_module, "Spool", full)
        for _ in range(MAX_EXPORTS + 1):
            with pytest.raises(OSError, match="No space left"):
                exports.export(LedgerId(ledger), UserId(ledger))
    assert len(sent(exports.export(LedgerId(ledger), UserId(ledger)))) > 1_000


def test_an_erased_ledger_gives_its_turn_back_too(database: Database) -> None:
    ledger, exports = fill(database, 500), exporting(database)
    with database.write() as session:
        Book(database).journal.close(session, LedgerId(ledger), **SETTINGS)
    for _ in range(MAX_EXPORTS + 1):
        with pytest.raises(NotFound):
            exports.export(LedgerId(ledger), UserId(ledger))
