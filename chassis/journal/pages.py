"""Pages of a journal, limited in bytes: one entry may be as large as a thousand others."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.functions import GenericFunction

from contracts.ids import LedgerId
from contracts.journal import Change, JournalEntry


class stored_bytes(GenericFunction[int]):  # noqa: N801 - a function of SQL
    """Bytes of a text column. PostgreSQL computes them without reading the text."""

    type = sa.Integer()
    name = "octet_length"
    inherit_cache = True


@compiles(stored_bytes, "sqlite")
def _of_sqlite(element: Any, compiler: Any, **options: Any) -> str:  # noqa: ANN401 - SQLAlchemy's form
    [column] = element.clauses
    return f"length(CAST({compiler.process(column, **options)} AS BLOB))"  # its octet_length is too new to rely on


def page_end(session: Session, entries: sa.Table, ledger: LedgerId, after: int, limit: int, most_bytes: int) -> int:
    """Returns the last revision of the page after a revision; `after` itself if no entry follows.

    A page has at least one entry, however large.
    """
    query = sa.select(entries.c.revision, stored_bytes(entries.c.pairs)).where(_after(entries, ledger, after))
    end, size = after, 0
    # Row by row: SQLite reads each text to compute its length, and should read none beyond the page.
    for revision, weight in session.execute(query.order_by(entries.c.revision).limit(limit)):
        size += weight
        if end > after and size > most_bytes:
            break
        end = revision
    return end


def page_rows(
    session: Session, entries: sa.Table, ledger: LedgerId, after: int, limit: int, most_bytes: int
) -> list[sa.Row[Any]]:
    """Returns the rows of a page."""
    if session.get_bind().dialect.name == "sqlite":  # it reads a text to compute its length: once is enough
        return _read_until_full(session, entries, ledger, after, limit, most_bytes)
    end = page_end(session, entries, ledger, after, limit, most_bytes)
    if end == after:
        return []
    query = sa.select(entries).where(_after(entries, ledger, after), entries.c.revision <= end)
    return list(session.execute(query.order_by(entries.c.revision)))


def _read_until_full(
    session: Session, entries: sa.Table, ledger: LedgerId, after: int, limit: int, most_bytes: int
) -> list[sa.Row[Any]]:
    query = sa.select(entries).where(_after(entries, ledger, after)).order_by(entries.c.revision).limit(limit)
    rows: list[sa.Row[Any]] = []
    size = 0
    with session.execute(query) as result:
        for row in result:
            size += len(row.pairs.encode())
            if rows and size > most_bytes:
                break
            rows.append(row)
    return rows


def decode(row: sa.Row[Any]) -> JournalEntry:
    """Returns the entry of a row."""
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's documented accessor
    return JournalEntry.model_validate(values | {"pairs": Change.decode_all(values["pairs"])})


def encode(row: sa.Row[Any]) -> str:
    """Returns a row's entry as JSON. Its pairs are stored as they are sent, so they are copied and not parsed."""
    values = dict(row._mapping)  # noqa: SLF001 - as above
    pairs = values.pop("pairs")
    head = JournalEntry.model_validate(values | {"pairs": ()}).model_dump_json(by_alias=True, exclude={"pairs"})
    return f'{head[:-1]},"pairs":{pairs}}}'


def _after(entries: sa.Table, ledger: LedgerId, after: int) -> sa.ColumnElement[bool]:
    return sa.and_(entries.c.ledger == ledger, entries.c.revision > after)
