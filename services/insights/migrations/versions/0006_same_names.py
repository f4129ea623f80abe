"""Dismissed facts stay away, although their ids have changed.

Parts of an id were separated by colons once, and by dots since. The id of a fact about a merchant holds a hash of the
merchant's key, and names that look the same have one key now. Insights of ledgers where a key has changed are computed
anew.
"""

import datetime as dt
import hashlib
import unicodedata
from typing import Any

import sqlalchemy as sa
from alembic import op

from contracts.text import fold

revision = "0006"
down_revision = "0005"

_CHECKPOINTS = sa.table("checkpoints", sa.column("ledger", sa.Uuid()), sa.column("shelf", sa.Uuid()))
_PAYMENTS = sa.table("payments", sa.column("shelf", sa.Uuid()), sa.column("merchant", sa.String()))
_INSIGHTS = sa.table("insights", sa.column("ledger", sa.Uuid()), sa.column("day", sa.Date()))
_DISMISSALS = sa.table("dismissals", sa.column("ledger", sa.Uuid()), sa.column("fact", sa.String()))
_NEVER = dt.date(1970, 1, 1)
"""Insights of another day than today are computed anew when they are read."""


def upgrade() -> None:
    """Gives dismissals the ids that their facts have from now on."""
    connection = op.get_bind()
    _separate_by_dots(connection)
    for ledger, merchants in _merchants(connection).items():
        digests = {_digest(_folded_before(name)): _digest(fold(name)) for name in merchants}
        changed = {before: after for before, after in digests.items() if before != after}
        if changed:
            connection.execute(sa.update(_INSIGHTS).where(_INSIGHTS.c.ledger == ledger).values(day=_NEVER))
            _replace_digests(connection, ledger, changed)


def _separate_by_dots(connection: sa.Connection) -> None:
    with_colons = sa.select(_DISMISSALS.c.ledger).where(_DISMISSALS.c.fact.contains(":")).distinct()
    for ledger in list(connection.scalars(with_colons)):
        facts = _dismissed(connection, ledger)
        _rename(connection, ledger, {fact: fact.replace(":", ".") for fact in facts if ":" in fact}, facts)


def _replace_digests(connection: sa.Connection, ledger: Any, digests: dict[str, str]) -> None:  # noqa: ANN401 - a UUID, from a row
    facts, renamed = _dismissed(connection, ledger), {}
    for fact in facts:
        kind, _, rest = fact.partition(".")
        digest, dot, more = rest.partition(".")
        if digest in digests:
            renamed[fact] = f"{kind}.{digests[digest]}{dot}{more}"
    _rename(connection, ledger, renamed, facts)


def _rename(connection: sa.Connection, ledger: Any, names: dict[str, str], facts: set[str]) -> None:  # noqa: ANN401 - as above
    """Renames dismissed facts of a ledger; where the new name is dismissed as well, the old one goes."""
    facts = set(facts)
    for fact, renamed in sorted(names.items()):
        this = sa.and_(_DISMISSALS.c.ledger == ledger, _DISMISSALS.c.fact == fact)
        is_there = renamed in facts
        connection.execute(sa.delete(_DISMISSALS).where(this) if is_there else _renaming(renamed).where(this))
        facts.add(renamed)


def _dismissed(connection: sa.Connection, ledger: Any) -> set[str]:  # noqa: ANN401 - as above
    return set(connection.scalars(sa.select(_DISMISSALS.c.fact).where(_DISMISSALS.c.ledger == ledger)))


def _renaming(fact: str) -> sa.Update:
    return sa.update(_DISMISSALS).values(fact=fact)


def _merchants(connection: sa.Connection) -> dict[Any, list[str]]:
    """Names in which some character is not ASCII, or is an accent that stands for an apostrophe, by ledger."""
    own = _CHECKPOINTS.join(_PAYMENTS, _CHECKPOINTS.c.shelf == _PAYMENTS.c.shelf)
    query = sa.select(_CHECKPOINTS.c.ledger, _PAYMENTS.c.merchant).select_from(own).distinct()
    found: dict[Any, list[str]] = {}
    for ledger, merchant in connection.execute(query.where(_PAYMENTS.c.merchant.is_not(None))):
        if not merchant.isascii() or "`" in merchant:
            found.setdefault(ledger, []).append(merchant)
    return found


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:16]


def _folded_before(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold()).split())
