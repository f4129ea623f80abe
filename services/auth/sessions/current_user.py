"""The authenticated user with current roles. An access token only has the roles of when it was signed."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from chassis.errors import Forbidden, NotFound, Unauthenticated
from contracts.identity import Claims, Permission, can
from contracts.ids import LedgerId
from services.auth.identity import users
from services.auth.identity.users import UserAccount
from services.auth.sessions.sessions import Sessions


@dataclass(frozen=True)
class AuthenticatedUser:
    """A user, and the claims of their token with current roles and epoch."""

    user: UserAccount
    claims: Claims

    def require(self, permission: Permission, ledger: LedgerId) -> None:
        """Raises NotFound for a ledger of other users, Forbidden if the role or the scopes do not allow it."""
        if ledger not in self.claims.ledgers:
            raise NotFound
        if not can(self.claims, permission, ledger):
            raise Forbidden(
                "This token does not have the scope `read`."
                if permission is Permission.READ
                else "Only an owner of this ledger may do that."
            )


class UserAuthenticator:
    """Looks up the user of a request, within the caller's transaction."""

    def __init__(self, sessions: Sessions, is_valid_api_token: Callable[[Session, UUID], bool]) -> None:
        self._sessions = sessions
        self._is_valid_api_token = is_valid_api_token

    def authenticate(self, session: Session, claims: Claims) -> AuthenticatedUser:
        """Returns the user. Raises Unauthenticated if the session, API token or account no longer exists."""
        live = self._sessions.is_live(session, claims.sid) or self._is_valid_api_token(session, claims.sid)
        user = users.find_user(session, claims.sub) if live else None
        if user is None:
            raise Unauthenticated
        ledgers = {row.id: role for row, role in user.ledgers}
        return AuthenticatedUser(user, claims.model_copy(update={"ledgers": ledgers, "epoch": user.account.epoch}))
