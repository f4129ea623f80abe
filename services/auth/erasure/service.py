"""Erasure. Here everything is gone in the transaction that asks for it; the other services are told until they are."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from chassis.database.engine import Database
from chassis.errors import Conflict, NotFound
from chassis.process.clock import Clock
from contracts.identity import Claims, Permission, Role
from contracts.ids import LedgerId, UserId
from services.auth.erasure import repository
from services.auth.erasure.schemas import ErasedPart, Receipt
from services.auth.erasure.sweep import HERE
from services.auth.errors import OwnerRequired
from services.auth.identity.journal import IdentityJournal
from services.auth.identity.tables import ErasureRow
from services.auth.ledgers import repository as ledger_repository
from services.auth.ledgers import roles
from services.auth.passwords.verification import PasswordVerifier
from services.auth.sessions.current_user import UserAuthenticator

OTHER_SERVICES = ("expenses", "insights")
"""The services beside auth that store data of ledgers or accounts."""


class AccountErasure:
    """The use cases."""

    def __init__(
        self,
        database: Database,
        journal: IdentityJournal,
        authenticator: UserAuthenticator,
        password_verifier: PasswordVerifier,
        clock: Clock,
        wake: Callable[[], None],
    ) -> None:
        """`wake` is called after each commit with something for other services to delete."""
        self._database = database
        self._journal = journal
        self._authenticator = authenticator
        self._password_verifier = password_verifier
        self._clock = clock
        self._wake = wake

    def erase_account(self, claims: Claims, password: str) -> Receipt:
        """Everything, for ever. Raises WrongPassword, TooManyRequests, NeedsAnOwner."""
        proof = self._password_verifier.verify_current_user(claims, password, "/password")
        with self._journal.unit_of_work("erase_account", claims.sub) as uow:
            current = self._authenticator.authenticate(uow.session, claims)
            self._password_verifier.settle(uow.session, proof)
            ending = self._ending(uow.session, claims.sub)
            for ledger, role in current.claims.ledgers.items():
                uow.role_changed(ledger, claims.sub, role, None)
            uow.account_erased(claims.sub, current.claims.epoch)
            deleted = Counter(repository.delete_ledgers(uow.session, ending))
            deleted.update(repository.delete_account(uow.session, claims.sub))
            receipt = self._order(uow.session, claims.sub, ending, deleted)
        self._wake()
        return self.receipt(receipt)

    def erase_ledger(self, claims: Claims, id_: LedgerId, password: str) -> Receipt:
        """Deletes a ledger, for all its members.

        Raises NotFound, Forbidden, Conflict for a personal one; WrongPassword, TooManyRequests.
        """
        with self._database.snapshot() as session:
            self._require_erasable(session, claims, id_)
        proof = self._password_verifier.verify_current_user(claims, password, "/password")
        with self._journal.unit_of_work("erase_ledger", claims.sub) as uow:
            self._require_erasable(uow.session, claims, id_)
            self._password_verifier.settle(uow.session, proof)
            members = ledger_repository.roles(uow.session, id_)
            for account in members:
                roles.set_role(uow, id_, account, None)
            deleted = Counter(repository.delete_ledgers(uow.session, [id_]))
            deleted["members"] = len(members)
            receipt = self._order(uow.session, None, [id_], deleted)
        self._wake()
        return self.receipt(receipt)

    def receipt(self, id_: UUID) -> Receipt:
        """How far an erasure has come. Raises NotFound."""
        with self._database.snapshot() as session:
            rows = repository.parts(session, id_)
        if not rows:
            raise NotFound
        moments = [row.confirmed_at for row in rows]
        done = [moment for moment in moments if moment is not None]
        return Receipt(
            receipt=id_,
            asked_at=rows[0].asked_at,
            finished_at=max(done) if len(done) == len(moments) else None,
            copies_until=max((row.copies_until for row in rows if row.copies_until), default=None),
            parts=[ErasedPart.model_validate(row, from_attributes=True) for row in rows],
        )

    def _require_erasable(self, session: Session, claims: Claims, ledger: LedgerId) -> None:
        self._authenticator.authenticate(session, claims).require(Permission.MANAGE, ledger)
        if ledger == claims.personal_ledger:
            raise Conflict("Your personal ledger goes with your account, and not without it.")

    def _ending(self, session: Session, account: UserId) -> list[LedgerId]:
        """Returns the ledgers that end with an account: those without another member. Raises OwnerRequired."""
        found = repository.ledgers_with_members(session, account)
        left_alone = [
            {"id": str(ledger.id), "name": ledger.name}
            for ledger, members in found
            if len(members) > 1 and {one.account for one in members if one.role is Role.OWNER} == {account}
        ]
        if left_alone:
            raise OwnerRequired(left_alone)
        return [ledger.id for ledger, members in found if len(members) == 1]

    def _order(
        self, session: Session, account: UserId | None, ledgers: Collection[LedgerId], deleted: Mapping[str, int]
    ) -> UUID:
        receipt, now = uuid4(), self._clock()
        order = {"receipt": receipt, "account": account, "ledgers": list(map(str, ledgers)), "asked_at": now}
        here = ErasureRow(service=HERE, deleted=dict(deleted), **order)
        repository.add(session, [here, *(ErasureRow(service=one, **order) for one in OTHER_SERVICES)])
        return receipt
