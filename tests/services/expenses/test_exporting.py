"""The whole ledger in one file, whatever is in it and however much that is."""

import csv
import datetime as dt
import io
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from chassis.database import Database, table_of
from chassis.errors import NotFound, Unavailable
from chassis.journal import Action
from contracts.journal import MOST_PAIRS, Change, JournalEntry, Via
from deploy.local.workshop import ROOT
from services.expenses.archive import harmless, table, tags_cell
from services.expenses.exporting import AT_ONCE, Exporting
from services.expenses.models import CategoryRow, ExpenseRow
from tests.support.book import SETTINGS, Book, migrated_book
from tests.support.world import Person, World


def files(body: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()}


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_it_holds_the_journal_and_the_book(person: Person) -> None:
    first = person.record("12.50", "Food", merchant="Käse, Brot & Co", note='two\nlines "quoted"', tags=["a", "b"])
    gone = person.record("1.00", "Rent")
    person.record("-3", "Food", spent_on="2020-02-29")
    person.book.delete(f"/api/v1/expenses/{gone['id']}")

    got = person.book.get("/api/v1/export")
    found = files(got.body)

    assert (got.status, got.headers["Content-Type"]) == (200, "application/zip")
    assert set(found) == {"ledger.json", "expenses.csv", "categories.csv", "journal.jsonl"}
    about = json.loads(found["ledger.json"])
    assert (about["id"], about["revision"], about["currency"]) == (str(person.account), got.revision, "EUR")
    entries = [JournalEntry.decode(line) for line in found["journal.jsonl"].splitlines()]
    assert [entry.revision for entry in entries] == list(range(1, got.revision + 1))
    refund, food = rows(found["expenses.csv"])
    assert (refund["amount"], refund["spent_on"]) == ("-3", "2020-02-29")
    assert (food["id"], food["category"], food["merchant"]) == (first["id"], "Food", "Käse, Brot & Co")
    assert (food["note"], food["tags"]) == ('two\nlines "quoted"', "a, b")
    assert [row["name"] for row in rows(found["categories.csv"])] == ["Food", "Rent"]


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x")', "\uff1d1+1", "\uff0d1", "\uff0b1", "\uff20A"]
)
def test_no_cell_is_a_formula(person: Person, text: str) -> None:
    person.record("-1", text, merchant=text, note=text, tags=[text])
    [row] = rows(files(person.book.get("/api/v1/export").body)["expenses.csv"])
    assert [row[name] for name in ("category", "merchant", "note")] == [f"'{text}"] * 3
    assert row["tags"][0] in "'\"", "an apostrophe, or the quotation mark of a tag that has some"
    assert tags_of(row["tags"]) == [text]
    assert row["amount"] == "-1", "figures stay figures"


tag_lists = st.lists(
    st.text(st.characters(exclude_categories=("Cc", "Cs")) | st.sampled_from("\n,\"'=+-@a "), max_size=8)
    .map(str.strip)
    .filter(bool),
    max_size=5,
)


@given(tag_lists, st.text(st.sampled_from("\t\n,\"'=+-@a "), max_size=8))
def test_tags_and_texts_can_be_taken_out_of_their_cells_again(tags: list[str], text: str) -> None:
    line = b"".join(table(("tags", "text"), [(tags_cell(tags), harmless(text))])).decode("utf-8-sig")
    [row] = rows(line)
    assert tags_of(row["tags"]) == tags
    assert typed(row["text"]) == text


def typed(cell: str) -> str:
    """What was typed, by the rule that the description of the API gives."""
    return cell[1:] if re.match(r"'+(?:[\t\r\n]|\s*[=+\-@\uff1d\uff0b\uff0d\uff20])", cell) else cell


def tags_of(cell: str) -> list[str]:
    """As any reader of CSV takes them apart."""
    return next(csv.reader(io.StringIO(typed(cell), newline=""), skipinitialspace=True), [])


def test_several_tags_in_a_cell_can_be_taken_apart(person: Person) -> None:
    tags = ["a, b", "=1+1", 'say "x"', "plain"]
    person.record("1", tags=tags)
    [row] = rows(files(person.book.get("/api/v1/export").body)["expenses.csv"])
    assert row["tags"] == '"a, b", =1+1, "say ""x""", plain'
    assert tags_of(row["tags"]) == tags


@pytest.mark.parametrize("space", ["\t", "\r", "\n", "\n\n", " "])
def test_no_note_is_a_formula_after_blanks_that_were_typed_before_it(person: Person, space: str) -> None:
    person.record("1", note=f"{space}=1+1")
    [row] = rows(files(person.book.get("/api/v1/export").body)["expenses.csv"])
    assert row["note"].startswith("'")


def test_a_ledger_that_nobody_has_touched_can_be_exported(person: Person) -> None:
    found = files(person.book.get("/api/v1/export").body)
    assert rows(found["expenses.csv"]) == []
    assert len(found["journal.jsonl"].splitlines()) == 1


def test_nobody_exports_the_ledger_of_others(a_world: World, person: Person) -> None:
    foreign = a_world.person().book.get(f"/api/v1/export?ledger={person.account}")
    assert (foreign.status, foreign.json) == (404, person.book.get(f"/api/v1/export?ledger={uuid4()}").json)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = migrated_book(database_url)
    yield database
    database.close()


def exporting(database: Database) -> Exporting:
    book = Book(database)
    return Exporting(database, book.journal, lambda _: None)


def fill(database: Database, count: int) -> UUID:
    """A ledger of so many expenses, written as imports write them: 500 pairs an entry."""
    ledger, category, book = uuid4(), uuid4(), Book(database)
    book.write_entries(ledger, 0)
    plain = {"ledger": ledger, "amount": "12.50", "minor": 1250, "currency": "EUR", "category": category}
    plain |= {"merchant": "Shop", "note": "n" * 40, "spent_on": dt.date(2026, 1, 1), "tags": []}
    image = {name: str(value) for name, value in plain.items()}
    pairs = [Change(kind="expense", id=uuid4(), before=None, after=image) for _ in range(MOST_PAIRS)]
    with database.write() as session:
        named = {"ledger": ledger, "id": category, "name": "Food", "name_key": "food"}
        session.execute(sa.insert(table_of(CategoryRow)).values(named))
        for _ in range(count // MOST_PAIRS):
            rest = {"tags_key": "", "search_text": ""}
            made = [plain | rest | {"id": uuid4()} for _ in range(MOST_PAIRS)]
            session.execute(sa.insert(table_of(ExpenseRow)), made)
            row = book.journal.take_revision(session, ledger)
            assert row is not None
            book.journal.append(session, row, Action.new("import", None, Via.IMPORT), pairs)
    return ledger


MEASURED = """
import resource, sys
from uuid import UUID
from chassis.database import Database
from chassis.journal import Journal
from deploy.local.workshop import ROOT
from services.expenses.exporting import Exporting
from services.expenses.models import EntryRow, LedgerRow

exporting = Exporting(Database(sys.argv[1]), Journal(LedgerRow, EntryRow), print)
for ledger in sys.argv[2:]:
    sent = [len(part) for part in exporting.export(UUID(ledger)).content]
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, max(sent), sum(sent), len(sent))
"""


def test_100_000_expenses_pass_through_as_little_memory_as_500(database: Database) -> None:
    small, large = fill(database, 500), fill(database, 100_000)
    url = database.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", MEASURED, url, str(small), str(large)]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout

    (before, *_), (after, largest, size, parts) = (map(int, line.split()) for line in said.splitlines())

    assert size > 1_000_000
    assert parts > 10
    assert largest < 1024 * 1024
    assert after - before < 24 * 1024, "KiB: a few rows at a time. All of its text would be 80 MB"


def test_an_export_shows_one_moment(database: Database) -> None:
    ledger = fill(database, 500)
    export = exporting(database).export(ledger)
    Book(database).write_entries(ledger, 5)
    found = files(b"".join(export.content))
    assert json.loads(found["ledger.json"])["revision"] == export.revision == 2
    assert len(found["journal.jsonl"].splitlines()) == 2


def test_few_are_under_way_at_once_and_an_abandoned_one_gives_its_turn_back(database: Database) -> None:
    ledger, exports = fill(database, 500), exporting(database)
    under_way = [exports.export(ledger) for _ in range(AT_ONCE)]
    with pytest.raises(Unavailable):
        exports.export(ledger)
    under_way[0].content.close()
    again = exports.export(ledger)
    for one in (*under_way, again):
        one.content.close()
    assert set(SETTINGS) < set(json.loads(files(b"".join(exports.export(ledger).content))["ledger.json"]))


def test_an_erased_ledger_gives_its_turn_back_too(database: Database) -> None:
    ledger, exports = fill(database, 500), exporting(database)
    with database.write() as session:
        Book(database).journal.close(session, ledger, **SETTINGS)
    for _ in range(AT_ONCE + 1):
        with pytest.raises(NotFound):
            exports.export(ledger)
