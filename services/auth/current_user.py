"""Whoever asks, as they stand now: a token says what was so when it was signed, and auth knows better."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from chassis.errors import Forbidden, NotFound, Unauthenticated
from chassis.process.clock import Clock
from contracts.identity import Claims, Permission, can
from services.auth import users
from services.auth.api_tokens import repository as api_token_repository
from services.auth.sessions.sessions import Sessions
from services.auth.users import Person


@dataclass(frozen=True)
class Present:
    """A person, and what their token would say if it were signed now."""

    person: Person
    claims: Claims

    def require(self, deed: Permission, ledger: UUID) -> None:
        """Raises NotFound for a ledger of others, Forbidden where the role or the token does not allow it."""
        if ledger not in self.claims.ledgers:
            raise NotFound
        if not can(self.claims, deed, ledger):
            raise Forbidden(
                "This token may not read." if deed is Permission.READ else "Only an owner of this ledger may do that."
            )


class Presence:
    """Looks callers up, within the caller's transaction."""

    def __init__(self, sessions: Sessions, clock: Clock) -> None:
        self._sessions = sessions
        self._clock = clock

    def of(self, session: Session, claims: Claims) -> Present:
        """Raises Unauthenticated where the session or API token has ended, or the account is gone."""
        live = self._sessions.is_live(session, claims.sid) or self._is_token(session, claims.sid)
        person = users.find_person(session, claims.sub) if live else None
        if person is None:
            raise Unauthenticated
        ledgers = {row.id: role for row, role in person.ledgers}
        return Present(person, claims.model_copy(update={"ledgers": ledgers, "epoch": person.account.epoch}))

    def _is_token(self, session: Session, id_: UUID) -> bool:
        row = api_token_repository.by_id(session, id_)
        return row is not None and not row.is_over(self._clock())
