"""Access tokens: what auth says of a person, signed, for ten minutes at most; and the answer that brings one."""

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
    """A token and the seconds for which it is good."""

    token: str
    expires_in: int


@dataclass(frozen=True)
class SignInResult:
    """The result of a sign-in: the response, and the values of the cookies."""

    response: SignedIn
    refresh_token: str | None
    """None where the cookie that is there stays."""
    lifetime: timedelta


class AccessTokens:
    """The one place where they are made."""

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
        """For a session, at this generation, or an API token, which `sid` names; never longer than ACCESS_LIFE."""
        now = int(self._clock().timestamp())
        expires_in = int(min(life, ACCESS_TOKEN_LIFETIME).total_seconds())
        claims = claims_of(user, sid, scopes, now, now + expires_in).model_copy(update={"gen": generation})
        payload = claims.model_dump(mode="json", exclude_none=True) | {"iss": ISSUER, "aud": AUDIENCE}
        return IssuedToken(self._keys.sign(payload), expires_in)

    def sign_in(self, user: UserAccount, opened: OpenSession) -> SignInResult:
        """A session begins or goes on, saying what the person is just now."""
        issued = self.issue(user, opened.id, Scope, generation=opened.generation)
        answer = SignedIn(access_token=issued.token, expires_in=issued.expires_in, user=user.to_user())
        refresh_token = None if opened.refresh_token is None else str(opened.refresh_token)
        return SignInResult(answer, refresh_token, opened.lifetime)

    def validity_period(self) -> tuple[datetime, datetime]:
        """When tokens that are still good may have been made, whatever the verifier's clock says; and now."""
        now = self._clock()
        return now - ACCESS_TOKEN_LIFETIME - CLOCK_DIFFERENCE, now


def claims_of(user: UserAccount, sid: UUID, scopes: Iterable[Scope], iat: int, exp: int) -> Claims:
    """What a token says of a person."""
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
