"""Signs access tokens for users, valid for ten minutes at most, and builds the sign-in response."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from chassis.process.clock import CLOCK_DIFFERENCE, Clock
from contracts.identity import AUDIENCE, ISSUER, Claims, Scope
from services.auth.identity.schemas import SignedIn
from services.auth.identity.users import UserAccount
from services.auth.sessions.sessions import OpenSession
from services.auth.settings import ACCESS_TOKEN_LIFETIME
from services.auth.signing_keys.signing_keys import SigningKeys


class IssuedToken(NamedTuple):
    """An access token, and its lifetime in seconds."""

    token: str
    expires_in: int


@dataclass(frozen=True)
class SignInResult:
    """The result of a sign-in: the response, and the values of the cookies."""

    response: SignedIn
    refresh_token: str | None
    """None if the browser's cookie stays unchanged."""
    lifetime: timedelta


class AccessTokens:
    """Signs access tokens. No other class does."""

    def __init__(self, keys: SigningKeys, clock: Clock) -> None:
        self._keys = keys
        self._clock = clock

    def issue(
        self,
        user: UserAccount,
        sid: UUID,
        scopes: Iterable[Scope],
        life: timedelta = ACCESS_TOKEN_LIFETIME,
        generation: int | None = None,
    ) -> IssuedToken:
        """Issues a token for the session (at this generation) or API token `sid`, for at most ACCESS_TOKEN_LIFETIME."""
        now = int(self._clock().timestamp())
        expires_in = int(min(life, ACCESS_TOKEN_LIFETIME).total_seconds())
        claims = claims_of(user, sid, scopes, now, now + expires_in).model_copy(update={"gen": generation})
        payload = claims.model_dump(mode="json", exclude_none=True) | {"iss": ISSUER, "aud": AUDIENCE}
        return IssuedToken(self._keys.sign(payload), expires_in)

    def sign_in(self, user: UserAccount, opened: OpenSession) -> SignInResult:
        """Returns the response for a session, with the user's current data."""
        issued = self.issue(user, opened.id, Scope, generation=opened.generation)
        response = SignedIn(access_token=issued.token, expires_in=issued.expires_in, user=user.to_user())
        refresh_token = None if opened.refresh_token is None else str(opened.refresh_token)
        return SignInResult(response, refresh_token, opened.lifetime)

    def validity_period(self) -> tuple[datetime, datetime]:
        """Returns the earliest possible issue time of a token that any verifier still accepts, and the current time."""
        now = self._clock()
        return now - ACCESS_TOKEN_LIFETIME - CLOCK_DIFFERENCE, now


def claims_of(user: UserAccount, sid: UUID, scopes: Iterable[Scope], iat: int, exp: int) -> Claims:
    """Returns the claims of a user's access token."""
    return Claims(
        sub=user.account.id,
        sid=sid,
        scope=" ".join(scopes),
        epoch=user.account.epoch,
        ledgers={row.id: role for row, role in user.ledgers},
        entry=user.entry,
        iat=iat,
        exp=exp,
    )
