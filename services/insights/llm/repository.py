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
"""Retention of calls. Facts are about a month, so no words are shown for longer than their call is stored."""


class Consent(NamedTuple):
    """A user's consent or refusal."""

    allowed: bool
    place: str
    by: UserId
    at: dt.datetime


def consent(session: Session, ledger: LedgerId) -> Consent | None:
    """Returns the latest consent or refusal for the ledger."""
    columns = [_CONSENTS.c[name] for name in Consent._fields]
    row = session.execute(sa.select(*columns).where(_CONSENTS.c.ledger == ledger)).one_or_none()
    return Consent(*row) if row else None


def lock_consent(session: Session, ledger: LedgerId) -> bool:
    """Locks the consent until the transaction ends; returns False if it was deleted."""
    said = sa.select(_CONSENTS.c.ledger).where(_CONSENTS.c.ledger == ledger)
    return session.execute(said.with_for_update()).one_or_none() is not None


def set_consent(session: Session, ledger: LedgerId, said: Consent) -> None:
    """Stores a consent or refusal, replacing the earlier one."""
    insert = insert_for(session, _CONSENTS).values(ledger=ledger, **said._asdict())
    session.execute(insert.on_conflict_do_update(index_elements=["ledger"], set_=said._asdict()))


def add_call(session: Session, call: ModelCallRow) -> None:
    """Stores a call."""
    session.add(call)
    session.flush()


def prune_calls(session: Session, now: dt.datetime) -> dict[str, int]:
    """Deletes a few calls past their retention; returns their number."""
    return delete_some(session, _CALLS, _CALLS.c.at < now - RETENTION)


def note_verdicts(session: Session, call: UUID, verdicts: Mapping[str, str]) -> None:
    """Stores how the texts of a call were used."""
    session.execute(sa.update(_CALLS).where(_CALLS.c.id == call).values(verdicts=json.dumps(verdicts)))


def call(session: Session, ledger: LedgerId, id_: UUID) -> ModelCallRow | None:
    """Returns one call of the ledger."""
    return session.scalars(sa.select(ModelCallRow).where(_CALLS.c.id == id_, _CALLS.c.ledger == ledger)).one_or_none()


def calls(session: Session, ledger: LedgerId, limit: int) -> list[ModelCallRow]:
    """Returns the ledger's calls, newest first."""
    query = sa.select(ModelCallRow).where(_CALLS.c.ledger == ledger)
    return list(session.scalars(query.order_by(_CALLS.c.at.desc(), _CALLS.c.id).limit(limit)))
