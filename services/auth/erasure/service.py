"""Erasure. Here everything is gone in the transaction that asks for it; the other services are told until they are."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from chassis.database.engine import Database
from chassis.errors import Conflict, NotFound
from chassis.process.clock import Clock
from contracts.identity import Claims, Permission, Role
from services.auth.accounts.password_verification import Proving
from services.auth.current_user import Presence
from services.auth.erasure import repository
from services.auth.erasure.schemas import ErasedPart, Receipt
from services.auth.erasure.sweep import HERE
from services.auth.errors import NeedsAnOwner
from services.auth.identity_journal import IdentityJournal
from services.auth.ledgers import repository as ledger_repository
from services.auth.ledgers import roles
from services.auth.tables import ErasureRow

ELSEWHERE = ("expenses", "insights")
"""Whoever holds something of a ledger or of a person, beside auth itself."""


class Erasing:
    """The use cases."""

    def __init__(
        self,
        database: Database,
        journal: IdentityJournal,
        presence: Presence,
        proving: Proving,
        clock: Clock,
        wake: Callable[[], None],
    ) -> None:
        """`wake` is called after each commit with something for other services to delete."""
        self._database = database
        self._journal = journal
        self._presence = presence
        self._proving = proving
        self._clock = clock
        self._wake = wake

    def erase_account(self, claims: Claims, password: str) -> Receipt:
        """Everything, for ever. Raises WrongPassword, TooManyRequests, NeedsAnOwner."""
        proof = self._proving.of_person(claims, password, "/password")
        with self._journal.noting("erase_account", claims.sub) as noting:
            present = self._presence.of(noting.session, claims)
            self._proving.settle(noting.session, proof)
            ending = self._ending(noting.session, claims.sub)
            for ledger, role in present.claims.ledgers.items():
                noting.role_changed(ledger, claims.sub, role, None)
            noting.account_erased(claims.sub, present.claims.epoch)
            deleted = Counter(repository.delete_ledgers(noting.session, ending))
            deleted.update(repository.delete_account(noting.session, claims.sub))
            receipt = self._order(noting.session, claims.sub, ending, deleted)
        self._wake()
        return self.receipt(receipt)

    def erase_ledger(self, claims: Claims, id_: UUID, password: str) -> Receipt:
        """Deletes a ledger, for all its members.

        Raises NotFound, Forbidden, Conflict for a personal one; WrongPassword, TooManyRequests.
        """
        with self._database.snapshot() as session:
            self._require_erasable(session, claims, id_)
        proof = self._proving.of_person(claims, password, "/password")
        with self._journal.noting("erase_ledger", claims.sub) as noting:
            self._require_erasable(noting.session, claims, id_)
            self._proving.settle(noting.session, proof)
            members = ledger_repository.roles(noting.session, id_)
            for account in members:
                roles.set_role(noting, id_, account, None)
            deleted = Counter(repository.delete_ledgers(noting.session, [id_]))
            deleted["members"] = len(members)
            receipt = self._order(noting.session, None, [id_], deleted)
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

    def _require_erasable(self, session: Session, claims: Claims, ledger: UUID) -> None:
        self._presence.of(session, claims).require(Permission.MANAGE, ledger)
        if ledger == claims.personal_ledger:
            raise Conflict("Your personal ledger goes with your account, and not without it.")

    def _ending(self, session: Session, account: UUID) -> list[UUID]:
        """The ledgers that end with a person: those that nobody else is in. Raises NeedsAnOwner."""
        found = repository.ledgers_with_members(session, account)
        left_alone = [
            {"id": str(ledger.id), "name": ledger.name}
            for ledger, members in found
            if len(members) > 1 and {one.account for one in members if one.role is Role.OWNER} == {account}
        ]
        if left_alone:
            raise NeedsAnOwner(left_alone)
        return [ledger.id for ledger, members in found if len(members) == 1]

    def _order(
        self, session: Session, account: UUID | None, ledgers: Collection[UUID], deleted: Mapping[str, int]
    ) -> UUID:
        receipt, now = uuid4(), self._clock()
        order = {"receipt": receipt, "account": account, "ledgers": list(map(str, ledgers)), "asked_at": now}
        here = ErasureRow(service=HERE, deleted=dict(deleted), **order)
        repository.add(session, [here, *(ErasureRow(service=one, **order) for one in ELSEWHERE)])
        return receipt
