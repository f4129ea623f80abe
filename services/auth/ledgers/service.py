"""Shared ledgers: creating, renaming, leaving and handing them over; members and their roles."""

import uuid_utils.compat as uuids
from sqlalchemy.orm import Session

from chassis.database.engine import Database
from chassis.errors import Conflict, Invalid, NotFound
from chassis.process.clock import Clock
from contracts.identity import Claims, Permission, Role
from contracts.ids import LedgerId, UserId
from services.auth.errors import OwnerRequired
from services.auth.identity import repository as auth_repository
from services.auth.identity.journal import IdentityJournal, IdentityUnitOfWork
from services.auth.identity.locale_preferences import closest_locale
from services.auth.identity.schemas import Membership
from services.auth.identity.tables import LedgerRow
from services.auth.ledgers import repository, roles
from services.auth.ledgers.schemas import LedgerIn, LedgerList, Member, MemberList
from services.auth.sessions.current_user import UserAuthenticator


class LedgerService:
    """The use cases. Changes of roles hold the identity journal's lock, so they are serialised."""

    def __init__(
        self, database: Database, journal: IdentityJournal, authenticator: UserAuthenticator, clock: Clock
    ) -> None:
        self._database = database
        self._journal = journal
        self._authenticator = authenticator
        self._clock = clock

    def ledgers(self, claims: Claims) -> LedgerList:
        """Returns the ledgers that the user may see."""
        with self._database.snapshot() as session:
            current = self._authenticator.authenticate(session, claims)
        current.require(Permission.READ, claims.personal_ledger)
        return LedgerList(items=current.user.to_user().ledgers)

    def create(self, claims: Claims, request: LedgerIn) -> Membership:
        """Creates a ledger. Raises TooManyLedgers."""
        with self._journal.unit_of_work("create_ledger", claims.sub) as uow:
            self._authenticator.authenticate(uow.session, claims)
            roles.require_room(uow, claims.sub)
            own = auth_repository.ledger(uow.session, claims.personal_ledger)
            assert own is not None, "every user has a personal ledger"  # noqa: S101 - a bug otherwise
            row = LedgerRow(
                id=LedgerId(uuids.uuid7()),
                name=request.name,
                currency=request.currency or own.currency,
                time_zone=request.time_zone or own.time_zone,
                locale=closest_locale(request.locale) if request.locale else own.locale,
                created_at=self._clock(),
            )
            uow.session.add(row)
            uow.session.flush()
            roles.set_role(uow, row.id, claims.sub, Role.OWNER)
            return self._membership(uow.session, claims, row.id)

    def rename(self, claims: Claims, id_: LedgerId, name: str) -> Membership:
        """Renames a ledger. Raises NotFound, Forbidden."""
        with self._database.write() as session:
            self._authenticator.authenticate(session, claims).require(Permission.MANAGE, id_)
            repository.rename(session, id_, name)
            return self._membership(session, claims, id_)

    def members(self, claims: Claims, id_: LedgerId) -> MemberList:
        """Returns the members of a ledger. Raises NotFound, Forbidden."""
        with self._database.snapshot() as session:
            self._authenticator.authenticate(session, claims).require(Permission.READ, id_)
            rows = repository.members(session, id_)
        items = [Member(account=row.id, name=row.name or row.email, role=role) for row, role in rows]
        return MemberList(items=items)

    def change_role(self, claims: Claims, id_: LedgerId, account: UserId, role: Role) -> Member:
        """Changes a member's role. Raises NotFound, Forbidden, OwnerRequired."""
        with self._journal.unit_of_work("change_role", claims.sub) as uow:
            self._authenticator.authenticate(uow.session, claims).require(Permission.MANAGE, id_)
            self._require_member(uow, id_, account)
            if role is not Role.OWNER:
                self._require_another_owner(uow, id_, account)
            roles.set_role(uow, id_, account, role)
            row = auth_repository.account(uow.session, account)
            assert row is not None  # noqa: S101 - a member is an account
            return Member(account=account, name=row.name or row.email, role=role)

    def remove(self, claims: Claims, id_: LedgerId, account: UserId) -> None:
        """Removes a member, or leaves the ledger. Raises NotFound, Forbidden, Conflict, OwnerRequired."""
        with self._journal.unit_of_work(
            "leave_ledger" if account == claims.sub else "remove_member", claims.sub
        ) as uow:
            current = self._authenticator.authenticate(uow.session, claims)
            current.require(Permission.READ if account == claims.sub else Permission.MANAGE, id_)
            self._require_member(uow, id_, account)
            if len(repository.roles(uow.session, id_)) == 1:
                raise Conflict("You are the only one in this ledger. Delete it if you do not need it any more.")
            self._require_another_owner(uow, id_, account)
            roles.set_role(uow, id_, account, None)

    def hand_over(self, claims: Claims, id_: LedgerId, account: UserId) -> MemberList:
        """Makes another member the owner, and the current user an editor. Raises NotFound, Forbidden, Invalid."""
        with self._journal.unit_of_work("hand_over", claims.sub) as uow:
            self._authenticator.authenticate(uow.session, claims).require(Permission.MANAGE, id_)
            if account == claims.sub or account not in repository.roles(uow.session, id_):
                raise Invalid.field("/account", "the ledger has no other member with this account")
            roles.set_role(uow, id_, account, Role.OWNER)
            roles.set_role(uow, id_, claims.sub, Role.EDITOR)
        return self.members(claims, id_)

    def _require_member(self, uow: IdentityUnitOfWork, id_: LedgerId, account: UserId) -> None:
        if account not in repository.roles(uow.session, id_):
            raise NotFound

    def _require_another_owner(self, uow: IdentityUnitOfWork, id_: LedgerId, account: UserId) -> None:
        owners = {member for member, role in repository.roles(uow.session, id_).items() if role is Role.OWNER}
        if owners == {account}:
            row = auth_repository.ledger(uow.session, id_)
            raise OwnerRequired([{"id": str(id_), "name": row.name if row else ""}])

    def _membership(self, session: Session, claims: Claims, id_: LedgerId) -> Membership:
        session.expire_all()
        user = self._authenticator.authenticate(session, claims).user.to_user()
        return next(ledger for ledger in user.ledgers if ledger.id == id_)
