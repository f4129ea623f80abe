"""Queries of consents and of calls to the model. No decisions."""

import datetime as dt
import json
from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from chassis.database.chunked_deletes import delete_some
from chassis.database.engine import insert_for, table_of
from contracts.ids import LedgerId, UserId
from services.insights.tables import ConsentRow, ModelCallRow

_CONSENTS, _CALLS = table_of(ConsentRow), table_of(ModelCallRow)
RETENTION = dt.timedelta(days=62)
"""Facts are about a month, so no words are shown for longer than their call is kept."""


class Consent(NamedTuple):
    """What a person said."""

    allowed: bool
    place: str
    by: UserId
    at: dt.datetime


def consent(session: Session, ledger: LedgerId) -> Consent | None:
    """What was said last about this ledger."""
    columns = [_CONSENTS.c[name] for name in Consent._fields]
    row = session.execute(sa.select(*columns).where(_CONSENTS.c.ledger == ledger)).one_or_none()
    return Consent(*row) if row else None


def lock_consent(session: Session, ledger: LedgerId) -> bool:
    """Sees that what was said stays until the transaction ends, be it a yes or a no; False where it is gone."""
    said = sa.select(_CONSENTS.c.ledger).where(_CONSENTS.c.ledger == ledger)
    return session.execute(said.with_for_update()).one_or_none() is not None


def set_consent(session: Session, ledger: LedgerId, said: Consent) -> None:
    """Stores what a person says over what was said before."""
    insert = insert_for(session, _CONSENTS).values(ledger=ledger, **said._asdict())
    session.execute(insert.on_conflict_do_update(index_elements=["ledger"], set_=said._asdict()))


def add_call(session: Session, call: ModelCallRow) -> None:
    """Stores a call."""
    session.add(call)
    session.flush()


def prune_calls(session: Session, now: dt.datetime) -> dict[str, int]:
    """Deletes a few of the calls that are older than KEPT; how many."""
    return delete_some(session, _CALLS, _CALLS.c.at < now - RETENTION)


def note_verdicts(session: Session, call: UUID, verdicts: Mapping[str, str]) -> None:
    """What was made of its texts."""
    session.execute(sa.update(_CALLS).where(_CALLS.c.id == call).values(verdicts=json.dumps(verdicts)))


def call(session: Session, ledger: LedgerId, id_: UUID) -> ModelCallRow | None:
    """One call of this ledger."""
    return session.scalars(sa.select(ModelCallRow).where(_CALLS.c.id == id_, _CALLS.c.ledger == ledger)).one_or_none()


def calls(session: Session, ledger: LedgerId, limit: int) -> list[ModelCallRow]:
    """The ledger's calls, the newest first."""
    query = sa.select(ModelCallRow).where(_CALLS.c.ledger == ledger)
    return list(session.scalars(query.order_by(_CALLS.c.at.desc(), _CALLS.c.id).limit(limit)))
