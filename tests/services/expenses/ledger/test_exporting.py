"""The whole ledger in one file, whatever is in it and however much that is."""

import csv
import io
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.database.engine import Database
from contracts.ids import LedgerId, UserId
from contracts.journal import JournalEntry
from deploy.local.workshop import ROOT
from services.expenses.ledger.zip_archive import csv_table, escape_csv_formula, tags_cell
from tests.support.book import Book, migrated_book
from tests.support.exports import exporting, files, fill
from tests.support.ledger_services import LedgerServices, LedgerUser


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_it_holds_the_journal_and_the_book(user: LedgerUser) -> None:
    first = user.record("12.50", "Food", merchant="Käse, Brot & Co", note='two\nlines "quoted"', tags=["a", "b"])
    gone = user.record("1.00", "Rent")
    user.record("-3", "Food", spent_on="2020-02-29")
    user.book.delete(f"/api/v1/expenses/{gone['id']}")

    response = user.book.get("/api/v1/export")
    found = files(response.body)

    assert (response.status, response.headers["Content-Type"]) == (200, "application/zip")
    assert set(found) == {"ledger.json", "expenses.csv", "categories.csv", "journal.jsonl"}
    about = json.loads(found["ledger.json"])
    assert (about["id"], about["revision"], about["currency"]) == (str(user.account), response.revision, "EUR")
    entries = [JournalEntry.decode(line) for line in found["journal.jsonl"].splitlines()]
    assert [entry.revision for entry in entries] == list(range(1, response.revision + 1))
    refund, food = rows(found["expenses.csv"])
    assert (refund["amount"], refund["spent_on"]) == ("-3", "2020-02-29")
    assert (food["id"], food["category"], food["merchant"]) == (first["id"], "Food", "Käse, Brot & Co")
    assert (food["note"], food["tags"]) == ('two\nlines "quoted"', "a, b")
    assert [row["name"] for row in rows(found["categories.csv"])] == ["Food", "Rent"]


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x")', "\uff1d1+1", "\uff0d1", "\uff0b1", "\uff20A"]
)
def test_no_cell_is_a_formula(user: LedgerUser, text: str) -> None:
    user.record("-1", text, merchant=text, note=text, tags=[text])
    [row] = rows(files(user.book.get("/api/v1/export").body)["expenses.csv"])
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
    line = b"".join(csv_table(("tags", "text"), [(tags_cell(tags), escape_csv_formula(text))])).decode("utf-8-sig")
    [row] = rows(line)
    assert tags_of(row["tags"]) == tags
    assert typed(row["text"]) == text


def typed(cell: str) -> str:
    """What was typed, by the rule that the description of the API gives."""
    return cell[1:] if re.match(r"'+(?:[\t\r\n]|\s*[=+\-@\uff1d\uff0b\uff0d\uff20])", cell) else cell


def tags_of(cell: str) -> list[str]:
    """As any reader of CSV takes them apart."""
    return next(csv.reader(io.StringIO(typed(cell), newline=""), skipinitialspace=True), [])


def test_several_tags_in_a_cell_can_be_taken_apart(user: LedgerUser) -> None:
    tags = ["a, b", "=1+1", 'say "x"', "plain"]
    user.record("1", tags=tags)
    [row] = rows(files(user.book.get("/api/v1/export").body)["expenses.csv"])
    assert row["tags"] == '"a, b", =1+1, "say ""x""", plain'
    assert tags_of(row["tags"]) == tags


@pytest.mark.parametrize("space", ["\t", "\r", "\n", "\n\n", " "])
def test_no_note_is_a_formula_after_blanks_that_were_typed_before_it(user: LedgerUser, space: str) -> None:
    user.record("1", note=f"{space}=1+1")
    [row] = rows(files(user.book.get("/api/v1/export").body)["expenses.csv"])
    assert row["note"].startswith("'")


def test_a_ledger_without_a_change_can_be_exported(user: LedgerUser) -> None:
    found = files(user.book.get("/api/v1/export").body)
    assert rows(found["expenses.csv"]) == []
    assert len(found["journal.jsonl"].splitlines()) == 1


def test_no_user_exports_the_ledger_of_others(services: LedgerServices, user: LedgerUser) -> None:
    foreign = services.new_user().book.get(f"/api/v1/export?ledger={user.account}")
    assert (foreign.status, foreign.json) == (404, user.book.get(f"/api/v1/export?ledger={uuid4()}").json)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = migrated_book(database_url)
    yield database
    database.close()


MEASURED = """
import resource, sys
from uuid import UUID
from chassis.database.engine import Database
from chassis.journal.journal import Journal
from deploy.local.workshop import ROOT
from services.expenses.entities import ENTITIES
from services.expenses.ledger.export import LedgerExporter
from services.expenses.ledger.tables import EntryRow, LedgerRow

exporting = LedgerExporter(Database(sys.argv[1]), Journal(LedgerRow, EntryRow), ENTITIES, print)
for ledger in sys.argv[2:]:
    sent = [len(part) for part in exporting.export(UUID(ledger), UUID(ledger)).parts()]
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
    export = exporting(database).export(LedgerId(ledger), UserId(ledger))
    Book(database).write_entries(LedgerId(ledger), 5)
    found = files(b"".join(export.parts()))
    assert json.loads(found["ledger.json"])["revision"] == export.revision == 2
    assert len(found["journal.jsonl"].splitlines()) == 2
