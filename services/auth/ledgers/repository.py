"""Queries of ledgers, members and ledger invitations. No decisions."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from contracts.identity import Role
from contracts.ids import LedgerId, UserId
from services.auth.expiry import is_valid
from services.auth.identity.tables import AccountRow, LedgerInvitationRow, LedgerRow, MemberRow

_Invitation = LedgerInvitationRow


def known_ledgers(session: Session, ids: Collection[LedgerId]) -> set[LedgerId]:
    """Returns the ids that are ledgers in this database."""
    return set(session.scalars(sa.select(LedgerRow.id).where(LedgerRow.id.in_(ids))))


def rename(session: Session, ledger: LedgerId, name: str) -> None:
    session.execute(sa.update(LedgerRow).where(LedgerRow.id == ledger).values(name=name))


def members(session: Session, ledger: LedgerId) -> Sequence[tuple[AccountRow, Role]]:
    """Returns the members, owners first, then by age of the account."""
    query = sa.select(AccountRow, MemberRow.role).join(MemberRow, MemberRow.account == AccountRow.id)
    owners_first = sa.case((MemberRow.role == Role.OWNER, 0), else_=1)
    rows = session.execute(query.where(MemberRow.ledger == ledger).order_by(owners_first, AccountRow.id))
    return [(row[0], row[1]) for row in rows]


def roles(session: Session, ledger: LedgerId) -> dict[UserId, Role]:
    """Returns the role of each member."""
    rows = session.execute(sa.select(MemberRow.account, MemberRow.role).where(MemberRow.ledger == ledger))
    return {row.account: row.role for row in rows}


def put_role(session: Session, ledger: LedgerId, account: UserId, role: Role) -> None:
    """Adds a member, or changes a member's role."""
    session.merge(MemberRow(ledger=ledger, account=account, role=role))
    session.flush()


def remove_member(session: Session, ledger: LedgerId, account: UserId) -> None:
    session.execute(sa.delete(MemberRow).where(MemberRow.ledger == ledger, MemberRow.account == account))


def count_ledgers(session: Session, account: UserId) -> int:
    query = sa.select(sa.func.count()).select_from(MemberRow).where(MemberRow.account == account)
    return session.scalar(query) or 0


def raise_epoch(session: Session, account: UserId) -> int:
    """Raises the account's epoch and returns the new one."""
    update = sa.update(AccountRow).where(AccountRow.id == account).values(epoch=AccountRow.epoch + 1)
    return session.execute(update.returning(AccountRow.epoch)).scalar_one()


def add_invitation(session: Session, row: LedgerInvitationRow) -> None:
    session.add(row)
    session.flush()


def invitation_by_hash(session: Session, token_hash: bytes) -> LedgerInvitationRow | None:
    return session.scalar(sa.select(_Invitation).where(_Invitation.token_hash == token_hash))


def open_invitation(session: Session, token_hash: bytes, now: datetime, life: timedelta) -> LedgerInvitationRow | None:
    """Returns the invitation with this token if it is neither accepted nor expired."""
    is_open = sa.and_(_Invitation.accepted_by.is_(None), is_valid(_Invitation.expires_at, now, life))
    return session.scalar(sa.select(_Invitation).where(_Invitation.token_hash == token_hash, is_open))


def open_invitations(
    session: Session, ledger: LedgerId, now: datetime, life: timedelta
) -> Sequence[LedgerInvitationRow]:
    """Returns the invitations that are neither accepted nor expired, newest first."""
    is_open = sa.and_(_Invitation.accepted_by.is_(None), is_valid(_Invitation.expires_at, now, life))
    query = sa.select(_Invitation).where(_Invitation.ledger == ledger, is_open)
    return session.scalars(query.order_by(_Invitation.created_at.desc(), _Invitation.id.desc())).all()


def delete_expired_invitations(session: Session, now: datetime, life: timedelta) -> None:
    session.execute(sa.delete(_Invitation).where(sa.not_(is_valid(_Invitation.expires_at, now, life))))


def delete_invitation(session: Session, ledger: LedgerId, id_: UUID) -> bool:
    """Returns False if the ledger has no such invitation."""
    statement = sa.delete(_Invitation).where(_Invitation.ledger == ledger, _Invitation.id == id_)
    return session.execute(statement.returning(_Invitation.id)).one_or_none() is not None


def delete_invitations_by(session: Session, ledger: LedgerId, account: UserId) -> None:
    """Deletes the open invitations that an account has sent."""
    is_open = sa.and_(_Invitation.invited_by == account, _Invitation.accepted_by.is_(None))
    session.execute(sa.delete(_Invitation).where(_Invitation.ledger == ledger, is_open))


def delete_open_invitations_by(session: Session, account: UserId) -> None:
    """Deletes the open invitations that an account has sent, into any ledger."""
    is_open = sa.and_(_Invitation.invited_by == account, _Invitation.accepted_by.is_(None))
    session.execute(sa.delete(_Invitation).where(is_open))


def note_accepted(session: Session, id_: UUID, account: UserId) -> None:
    session.execute(sa.update(_Invitation).where(_Invitation.id == id_).values(accepted_by=account))
