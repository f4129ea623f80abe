"""Changes of roles: the row, the journal entry for gateways, and a new epoch, so that tokens follow within a second."""

from contracts.identity import MAX_LEDGERS, Role
from contracts.ids import LedgerId, UserId
from services.auth.errors import TooManyLedgers
from services.auth.identity.journal import IdentityUnitOfWork
from services.auth.ledgers import repository


def set_role(uow: IdentityUnitOfWork, ledger: LedgerId, account: UserId, role: Role | None) -> None:
    """Sets a member's role; None ends the membership. Call once per account and transaction: it raises the epoch."""
    before = repository.roles(uow.session, ledger).get(account)
    if before == role:
        return
    if role is None:
        repository.remove_member(uow.session, ledger, account)
    else:
        repository.put_role(uow.session, ledger, account, role)
    if before is Role.OWNER:
        # An invitation link that a former owner has stored must not let them back in.
        repository.delete_invitations_by(uow.session, ledger, account)
    uow.role_changed(ledger, account, before, role)
    uow.epoch_raised(account, repository.raise_epoch(uow.session, account) - 1)


def require_room(uow: IdentityUnitOfWork, account: UserId) -> None:
    """Raises TooManyLedgers if another ledger would not fit into an access token."""
    if repository.count_ledgers(uow.session, account) >= MAX_LEDGERS:
        raise TooManyLedgers
