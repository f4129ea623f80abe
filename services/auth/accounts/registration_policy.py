"""Decides who may register, and which registration makes the administrator. See decision 0034."""

import hmac

from sqlalchemy.orm import Session

from contracts.setup import setup_token
from services.auth.accounts.schemas import RegistrationMode
from services.auth.identity import repository as auth_repository
from services.auth.identity.schemas import Registration
from services.auth.throttling.client_info import ClientInfo


class RegistrationPolicy:
    """The rules. Reads within the caller's transaction."""

    def __init__(self, mode: RegistrationMode, secret_key: str) -> None:
        self.mode = mode
        self._token = setup_token(secret_key).encode()

    def makes_administrator(self, session: Session, request: Registration, client: ClientInfo) -> bool:
        """Whether the new account becomes the administrator.

        While there is no administrator, a registration with the set-up token does. Without the token, the first account
        does if the installation is reachable from its own machine only.
        """
        if auth_repository.has_administrators(session):
            return False
        if request.setup is not None and hmac.compare_digest(request.setup.encode(), self._token):
            return True
        return client.is_local and not auth_repository.has_accounts(session)

    def needs_invitation(self, session: Session, request: Registration, client: ClientInfo) -> bool:
        """Whether this registration needs an invitation."""
        return self.mode == "invite" and not self.makes_administrator(session, request, client)
