"""Somebody is in: the access token that says so, and the answer that carries it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from contracts.identity import AUDIENCE, ISSUER, Claims, Scope
from services.auth.clock import Clock
from services.auth.keys import SigningKeys
from services.auth.people import Person
from services.auth.schemas import SignedIn
from services.auth.sessions import OpenSession
from services.auth.settings import ACCESS_LIFE, CLOCK_DIFFERENCE


@dataclass(frozen=True)
class Admitted:
    """The answer, and what goes into the cookies."""

    answer: SignedIn
    refresh_token: str
    lasts: timedelta


class AccessTokens:
    """Makes the short-lived tokens of people who are signed in."""

    def __init__(self, keys: SigningKeys, clock: Clock) -> None:
        self._keys = keys
        self._clock = clock

    def admit(self, person: Person, opened: OpenSession) -> Admitted:
        """A token for this session, saying what the person is just now."""
        now = int(self._clock().timestamp())
        life = int(ACCESS_LIFE.total_seconds())
        claims = Claims(
            sub=person.account.id,
            sid=opened.id,
            scope=" ".join(Scope),
            epoch=person.account.epoch,
            ledgers={row.id: role for row, role in person.ledgers},
            iat=now,
            exp=now + life,
        )
        token = self._keys.sign(claims.model_dump(mode="json") | {"iss": ISSUER, "aud": AUDIENCE})
        answer = SignedIn(access_token=token, expires_in=life, user=person.shown())
        return Admitted(answer, str(opened.refresh_token), opened.lasts)

    def oldest(self) -> datetime:
        """No token made before that is still good, whatever the clock of whoever looks at it."""
        return self._clock() - ACCESS_LIFE - CLOCK_DIFFERENCE
