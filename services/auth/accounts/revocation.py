"""Revokes everything that gives access to an account: sessions, API tokens, invitation links."""

from contracts.ids import UserId
from services.auth.api_tokens import repository as api_token_repository
from services.auth.identity.journal import IdentityUnitOfWork
from services.auth.ledgers import repository as ledger_repository
from services.auth.sessions.sessions import Sessions


def revoke_tokens(uow: IdentityUnitOfWork, account: UserId) -> None:
    """Revokes every API token of the account; gateways refuse them within a second."""
    for id_ in api_token_repository.delete_all(uow.session, account):
        uow.session_ended(id_, account)


def revoke_everything(uow: IdentityUnitOfWork, sessions: Sessions, account: UserId) -> None:
    """Ends every session, revokes every API token, and withdraws the open invitations that the account has sent."""
    sessions.end_all(uow, account)
    revoke_tokens(uow, account)
    ledger_repository.delete_open_invitations_by(uow.session, account)
