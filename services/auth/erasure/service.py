"""Erasure. Auth deletes its data in the requesting transaction; other services get orders until they confirm."""

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
    """The use cases of erasure."""

    def __init__(
        self,
        database: Database,
        journal: IdentityJournal,
        authenticator: UserAuthenticator,
        password_verifier: PasswordVerifier,
        clock: Clock,
        wake: Callable[[], None],
    ) -> None:
        """`wake` is called after each commit that creates orders for other services."""
        self._database = database
        self._journal = journal
        self._authenticator = authenticator
        self._password_verifier = password_verifier
        self._clock = clock
        self._wake = wake

    def erase_account(self, claims: Claims, password: str) -> Receipt:
        """Deletes an account and its ledgers. Raises WrongPassword, TooManyRequests, OwnerRequired."""
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

        Raises NotFound, Forbidden, Conflict for a personal ledger, WrongPassword, TooManyRequests.
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
        """Returns the progress of an erasure. Raises NotFound."""
        with self._database.snapshot() as session:
            rows = repository.parts(session, id_)
        if not rows:
            raise NotFound
        confirmations = [row.confirmed_at for row in rows]
        confirmed = [moment for moment in confirmations if moment is not None]
        return Receipt(
            receipt=id_,
            asked_at=rows[0].asked_at,
            finished_at=max(confirmed) if len(confirmed) == len(confirmations) else None,
            copies_until=max((row.copies_until for row in rows if row.copies_until), default=None),
            parts=[ErasedPart.model_validate(row, from_attributes=True) for row in rows],
        )

    def _require_erasable(self, session: Session, claims: Claims, ledger: LedgerId) -> None:
        self._authenticator.authenticate(session, claims).require(Permission.MANAGE, ledger)
        if ledger == claims.personal_ledger:
            raise Conflict("Your personal ledger is deleted together with your account, and not on its own.")

    def _ending(self, session: Session, account: UserId) -> list[LedgerId]:
        """Returns the ledgers that are deleted with an account: those without another member. Raises OwnerRequired."""
        rows = repository.ledgers_with_members(session, account)
        without_owner = [
            {"id": str(ledger.id), "name": ledger.name}
            for ledger, members in rows
            if len(members) > 1 and {member.account for member in members if member.role is Role.OWNER} == {account}
        ]
        if without_owner:
            raise OwnerRequired(without_owner)
        return [ledger.id for ledger, members in rows if len(members) == 1]

    def _order(
        self, session: Session, account: UserId | None, ledgers: Collection[LedgerId], deleted: Mapping[str, int]
    ) -> UUID:
        receipt, now = uuid4(), self._clock()
        order = {"receipt": receipt, "account": account, "ledgers": list(map(str, ledgers)), "asked_at": now}
        here = ErasureRow(service=HERE, deleted=dict(deleted), **order)
        repository.add(session, [here, *(ErasureRow(service=service, **order) for service in OTHER_SERVICES)])
        return receipt
