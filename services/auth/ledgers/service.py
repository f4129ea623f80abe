"""Ledgers that people share: made, named, left and handed over; who is in them, and as what."""

from uuid import UUID

import uuid_utils.compat as uuids
from sqlalchemy.orm import Session

from chassis.database.engine import Database
from chassis.errors import Conflict, Invalid, NotFound
from chassis.process.clock import Clock
from contracts.identity import Claims, Permission, Role
from services.auth import repository as auth_repository
from services.auth.accounts.locale_preferences import closest_locale
from services.auth.current_user import Presence
from services.auth.errors import NeedsAnOwner
from services.auth.identity_journal import IdentityJournal, Noting
from services.auth.ledgers import repository, roles
from services.auth.ledgers.schemas import LedgerIn, LedgerList, Member, MemberList
from services.auth.schemas import Membership
from services.auth.tables import LedgerRow


class Sharing:
    """The use cases. Whatever changes a role holds the identity journal, so no two of them pass each other."""

    def __init__(self, database: Database, journal: IdentityJournal, presence: Presence, clock: Clock) -> None:
        self._database = database
        self._journal = journal
        self._presence = presence
        self._clock = clock

    def ledgers(self, claims: Claims) -> LedgerList:
        """Those that the person may see."""
        with self._database.snapshot() as session:
            present = self._presence.of(session, claims)
        present.require(Permission.READ, claims.personal_ledger)
        return LedgerList(items=present.person.shown().ledgers)

    def create(self, claims: Claims, sent: LedgerIn) -> Membership:
        """Raises TooManyLedgers."""
        with self._journal.noting("create_ledger", claims.sub) as noting:
            self._presence.of(noting.session, claims)
            roles.require_room(noting, claims.sub)
            own = auth_repository.ledger(noting.session, claims.personal_ledger)
            assert own is not None, "everybody has one"  # noqa: S101 - a fault of ours
            row = LedgerRow(
                id=uuids.uuid7(),
                name=sent.name,
                currency=sent.currency or own.currency,
                time_zone=sent.time_zone or own.time_zone,
                locale=closest_locale(sent.locale) if sent.locale else own.locale,
                created_at=self._clock(),
            )
            noting.session.add(row)
            noting.session.flush()
            roles.set_role(noting, row.id, claims.sub, Role.OWNER)
            return self._membership(noting.session, claims, row.id)

    def rename(self, claims: Claims, id_: UUID, name: str) -> Membership:
        """Raises NotFound, Forbidden."""
        with self._database.write() as session:
            self._presence.of(session, claims).require(Permission.MANAGE, id_)
            repository.rename(session, id_, name)
            return self._membership(session, claims, id_)

    def members(self, claims: Claims, id_: UUID) -> MemberList:
        """Everybody in a ledger. Raises NotFound, Forbidden."""
        with self._database.snapshot() as session:
            self._presence.of(session, claims).require(Permission.READ, id_)
            rows = repository.members(session, id_)
        items = [Member(account=row.id, name=row.name or row.email, role=role) for row, role in rows]
        return MemberList(items=items)

    def change_role(self, claims: Claims, id_: UUID, account: UUID, role: Role) -> Member:
        """Raises NotFound, Forbidden, NeedsAnOwner."""
        with self._journal.noting("change_role", claims.sub) as noting:
            self._presence.of(noting.session, claims).require(Permission.MANAGE, id_)
            self._require_member(noting, id_, account)
            if role is not Role.OWNER:
                self._require_another_owner(noting, id_, account)
            roles.set_role(noting, id_, account, role)
            row = auth_repository.account(noting.session, account)
            assert row is not None  # noqa: S101 - a member is an account
            return Member(account=account, name=row.name or row.email, role=role)

    def remove(self, claims: Claims, id_: UUID, account: UUID) -> None:
        """Takes somebody out; oneself without being the owner. Raises NotFound, Forbidden, Conflict."""
        with self._journal.noting("leave_ledger" if account == claims.sub else "remove_member", claims.sub) as noting:
            present = self._presence.of(noting.session, claims)
            present.require(Permission.READ if account == claims.sub else Permission.MANAGE, id_)
            self._require_member(noting, id_, account)
            if len(repository.roles(noting.session, id_)) == 1:
                raise Conflict("You are the only one in this ledger. Delete it if you do not need it any more.")
            self._require_another_owner(noting, id_, account)
            roles.set_role(noting, id_, account, None)

    def hand_over(self, claims: Claims, id_: UUID, account: UUID) -> MemberList:
        """Makes another member the owner, and oneself an editor. Raises NotFound, Forbidden, Invalid."""
        with self._journal.noting("hand_over", claims.sub) as noting:
            self._presence.of(noting.session, claims).require(Permission.MANAGE, id_)
            if account == claims.sub or account not in repository.roles(noting.session, id_):
                raise Invalid.field("/account", "there is no such other member")
            roles.set_role(noting, id_, account, Role.OWNER)
            roles.set_role(noting, id_, claims.sub, Role.EDITOR)
        return self.members(claims, id_)

    def _require_member(self, noting: Noting, id_: UUID, account: UUID) -> None:
        if account not in repository.roles(noting.session, id_):
            raise NotFound

    def _require_another_owner(self, noting: Noting, id_: UUID, account: UUID) -> None:
        owners = {one for one, role in repository.roles(noting.session, id_).items() if role is Role.OWNER}
        if owners == {account}:
            row = auth_repository.ledger(noting.session, id_)
            raise NeedsAnOwner([{"id": str(id_), "name": row.name if row else ""}])

    def _membership(self, session: Session, claims: Claims, id_: UUID) -> Membership:
        session.expire_all()
        shown = self._presence.of(session, claims).person.shown()
        return next(ledger for ledger in shown.ledgers if ledger.id == id_)
