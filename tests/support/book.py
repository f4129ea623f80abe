"""The book without HTTP: its service objects over one database, and its internal routes as readers call them."""

from collections.abc import Collection
from typing import TypeVar
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import sqlalchemy as sa
from pydantic import BaseModel

from chassis.database import migrations
from chassis.database.engine import Database
from chassis.journal.action import Action
from chassis.journal.feed import TIMEOUT, ServiceClient
from chassis.journal.journal import Journal
from chassis.redis.erasure import RedisErasure
from chassis.security.service_tokens import ServiceTokens
from contracts.book import OpenedLedger
from contracts.identity import Caller, Claims, Role
from contracts.ids import LedgerId, UserId
from contracts.journal import Change, Via
from services.expenses.categories.service import CategoryService
from services.expenses.entities import ENTITIES
from services.expenses.ledger.entities import EntityRegistry
from services.expenses.ledger.erasure import LedgerErasure
from services.expenses.ledger.feed import JournalFeed
from services.expenses.ledger.opening import LedgerOpener
from services.expenses.ledger.reader import LedgerReader
from services.expenses.ledger.requests import ReadRequest, WriteRequest
from services.expenses.ledger.service import JournalService
from services.expenses.ledger.tables import EntryRow, LedgerRow
from services.expenses.ledger.unit_of_work import LedgerWriter
from services.expenses.migrations import FOLDER
from services.expenses.payments.service import ExpenseService

M = TypeVar("M", bound=BaseModel)

SETTINGS = {"currency": "EUR", "time_zone": "Europe/Berlin", "locale": "en-GB"}


def migrated_book(url: str) -> Database:
    """The database of the book, with its schema. What tests write need not survive a power cut."""
    database = Database(url, durable=False)
    migrations.upgrade(database, FOLDER)
    return database


class Book:
    """The book's parts over one database; nothing is announced unless a test does it."""

    def __init__(self, database: Database, entities: EntityRegistry = ENTITIES) -> None:
        self.database = database
        self.journal = Journal(LedgerRow, EntryRow)
        opener = LedgerOpener(database, self.journal, _Registry(), lambda: None)
        self.reader = LedgerReader(database, self.journal, opener.open)
        self.writer = LedgerWriter(database, self.journal, entities, opener, lambda: None)
        self.expenses = ExpenseService(self.reader, self.writer)
        self.categories = CategoryService(self.reader, self.writer)
        self.ledgers = JournalService(self.reader, self.writer)
        self.feed = JournalFeed(self.journal, self.reader)
        self.erasure = LedgerErasure(database, self.journal, entities, no_redis())

    def write_entries(self, ledger: LedgerId, count: int, text: str = "no interest") -> None:
        """So many entries in one transaction, each with that text; the ledger opened first where it is new."""
        action = Action.new("test", None, Via.SYSTEM)
        with self.database.write() as session:
            self.journal.open(session, ledger, action, [_pair()], **SETTINGS)
            for _ in range(count):
                row = self.journal.take_revision(session, ledger)
                assert row is not None
                self.journal.append(session, row, action, [_pair(text)])


class BookClient(ServiceClient):
    """Calls the book's internal routes in process; what it answers has been through the wire's models."""

    def __init__(self, book: Book) -> None:
        super().__init__("http://nowhere", "expenses", ServiceTokens("insights", {}))
        self.book = book

    def get(self, path: str, model: type[M], *, timeout: float = TIMEOUT) -> M:  # noqa: ARG002 - nothing is slow here
        """As `services/expenses/ledger/internal_endpoints.py` answers."""
        address = urlsplit(path)
        after = parse_qs(address.query).get("after", [None])[0]
        match address.path.split("/")[2:]:
            case ["journal", ledger]:
                return model.model_validate_json(self.book.feed.page(LedgerId(UUID(ledger)), int(after or 0)).body)
            case ["sums", ledger]:
                answer: BaseModel = self.book.expenses.sums(LedgerId(UUID(ledger)))
            case ["heads"]:
                answer = self.book.feed.heads(UUID(after) if after else None)
            case ["same-names"]:
                answer = self.book.categories.same_names()
            case ["stored"]:
                answer = self.book.feed.stored()
            case ["backlog"]:
                answer = self.book.feed.backlog()
            case _:
                raise AssertionError(f"there is no route {path}")
        return model.model_validate_json(answer.model_dump_json(by_alias=True))


class _Registry(ServiceClient):
    """Stands for auth: it knows every ledger."""

    def __init__(self) -> None:
        super().__init__("http://nowhere", "auth", ServiceTokens("expenses", {}))

    def get(self, path: str, model: type[M], *, timeout: float = TIMEOUT) -> M:  # noqa: ARG002 - nothing is slow here
        assert model is OpenedLedger
        return model.model_validate({"id": path.rpartition("/")[2], **SETTINGS})


def owner_of(ledger: LedgerId) -> Caller:
    """The owner of a personal ledger."""
    claims = Claims(
        sub=UserId(ledger), sid=uuid4(), scope="read write", epoch=0, ledgers={ledger: Role.OWNER}, iat=0, exp=0
    )
    return Caller.of(claims, None)


def write_to(caller: Caller, via: Via = Via.API, key: str | None = None) -> WriteRequest:
    """A request of that caller to change the ledger."""
    return WriteRequest(caller, via, idempotency_key=key)


def read_of(caller: Caller) -> ReadRequest:
    """A request of that caller to read the ledger."""
    return ReadRequest(caller)


def no_redis() -> RedisErasure:
    """For a book that announces nothing: there is nothing to erase."""

    class NoRedis(RedisErasure):
        def __init__(self) -> None:
            pass

        def erase(self, ledgers: Collection[LedgerId]) -> int:  # noqa: ARG002 - as above
            return 0

    return NoRedis()


def restore_to_revision(database: Database, ledger: LedgerId, revision: int) -> None:
    """Makes a journal end there, as that of an older backup does; what the book holds beside it stays."""
    with database.write() as session:
        mine = EntryRow.ledger == ledger
        tail = session.scalars(sa.select(EntryRow.id).where(mine, EntryRow.revision == revision)).one()
        session.execute(sa.delete(EntryRow).where(mine, EntryRow.revision > revision))
        row = sa.update(LedgerRow).where(LedgerRow.id == ledger)
        session.execute(row.values(head=revision, tail=tail, announced=revision))


def _pair(text: str = "no interest") -> Change:
    return Change(kind="test", id=uuid4(), before=None, after={"of": text})
