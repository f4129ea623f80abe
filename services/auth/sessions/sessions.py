"""Sessions: opened with a password, carried on by refresh tokens, ended by the user, by age or after a theft."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import uuid_utils.compat as uuids
from sqlalchemy.orm import Session

from chassis.errors import Unauthenticated
from chassis.process.clock import Clock
from contracts.identity import Claims, GenerationUse
from contracts.ids import UserId
from services.auth import metrics
from services.auth.errors import SessionExpired, TokenReused
from services.auth.identity import repository as auth_repository
from services.auth.identity.journal import IdentityUnitOfWork
from services.auth.identity.tables import AccountRow, SessionRow
from services.auth.sessions import repository as session_repository
from services.auth.sessions.refresh_tokens import RefreshToken, RefreshTokens
from services.auth.sessions.rotation import Rotation, RotationOutcome
from services.auth.settings import ACCESS_TOKEN_LIFETIME
from services.auth.stopwatch import Stopwatch
from services.auth.throttling.client_info import ClientInfo

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class SessionLifetime:
    """Limits of a session's age: since its last use, and in total."""

    idle: timedelta
    total: timedelta

    def has_expired(self, row: SessionRow, now: datetime) -> bool:
        """Whether the session has expired."""
        return self.remaining(row, now) <= timedelta(0)

    def remaining(self, row: SessionRow, now: datetime) -> timedelta:
        """Returns the time until an unused session expires. A stored moment in the future counts as `now`."""
        return min(min(row.used_at, now) + self.idle, min(row.created_at, now) + self.total) - now


@dataclass(frozen=True)
class OpenSession:
    """A session that was opened or refreshed, and its next refresh token."""

    id: UUID
    account: UserId
    generation: int
    refresh_token: RefreshToken | None
    """None if the client keeps its current token: then a late response cannot overwrite a newer cookie."""
    lifetime: timedelta


class Sessions:
    """Opens and refreshes sessions, within the caller's transaction."""

    def __init__(self, tokens: RefreshTokens, life: SessionLifetime, clock: Clock, stopwatch: Stopwatch) -> None:
        self._tokens = tokens
        self._life = life
        self._clock = clock
        self._stopwatch = stopwatch
        self._rotation = Rotation(stopwatch)

    def open(self, session: Session, account: UserId, client: ClientInfo) -> OpenSession:
        """Opens a session with a new id. Ignores ids sent by the client, so an attacker cannot plant one."""
        now = self._clock()
        token = self._tokens.first(uuids.uuid7())
        row = SessionRow(
            id=token.family,
            account=account,
            first_hash=token.hash(),
            generation=0,
            device=client.device,
            address=client.address,
            created_at=now,
            used_at=now,
            issued_at=self._stopwatch.start(token.family),
        )
        session_repository.add_session(session, row)
        return OpenSession(row.id, account, row.generation, token, self._life.remaining(row, now))

    def refresh(self, session: Session, token: RefreshToken, address: str | None) -> OpenSession:
        """Exchanges a refresh token. Raises SessionExpired; after TokenReused the caller must end the session."""
        row = self._live_session(session, token)
        outcome = self._rotation.present(row, token.generation)
        metrics.refreshes.labels(outcome).inc()
        if outcome is RotationOutcome.REUSED:
            log.warning("refresh token used again; session ends", extra={"account": row.account, "session": row.id})
            raise TokenReused(row.id, row.account)
        now = self._clock()
        row.used_at, row.address = now, address
        row.created_at = min(row.created_at, now)  # a moment in the future would prolong the session
        session.flush()
        current = None if outcome is RotationOutcome.KEPT else self._tokens.later(row, row.generation)
        return OpenSession(row.id, row.account, row.generation, current, self._life.remaining(row, now))

    def confirm(self, session: Session, uses: Iterable[GenerationUse]) -> None:
        """Stores that access tokens are in use, which shows that the responses with them have arrived."""
        # A report may be delayed while auth is unavailable. Ages beyond a token's lifetime carry no information.
        max_age = ACCESS_TOKEN_LIFETIME.total_seconds()
        ages = [(use, timedelta(seconds=min(use.age, max_age))) for use in uses]
        moments = [(use.session, use.generation, self._stopwatch.start(use.session, age)) for use, age in ages]
        session_repository.confirm_sessions(session, moments)

    def live(self, session: Session, account: UserId) -> list[SessionRow]:
        """Returns the sessions of a user that have not expired, last used first."""
        now = self._clock()
        return [row for row in session_repository.sessions_of(session, account) if not self._life.has_expired(row, now)]

    def owner(self, session: Session, claims: Claims) -> AccountRow:
        """Returns the account of a live session. Raises Unauthenticated."""
        account = auth_repository.account(session, claims.sub)
        if account is None or not self.is_live(session, claims.sid):
            raise Unauthenticated
        return account

    def end_all(self, uow: IdentityUnitOfWork, account: UserId, keep: UUID | None = None) -> None:
        """Ends all sessions of a user, except `keep`."""
        for id_ in session_repository.delete_sessions(uow.session, account, keep):
            uow.session_ended(id_, account)

    def prune(self, session: Session) -> None:
        """Deletes expired sessions. Their last access tokens expired long before."""
        now = self._clock()
        session_repository.delete_old_sessions(
            session, used_before=now - self._life.idle, begun_before=now - self._life.total
        )

    def is_live(self, session: Session, id_: UUID) -> bool:
        """Whether the session exists and has not expired."""
        row = session_repository.session_by_id(session, id_)
        return row is not None and not self._life.has_expired(row, self._clock())

    def end_by_token(self, session: Session, token: RefreshToken) -> SessionRow | None:
        """Ends the session of a token of any generation, and returns it; None if there is no such session."""
        row = session_repository.session_by_id(session, token.family)
        if row is None or not self._tokens.genuine(row, token):
            return None
        return row if session_repository.delete_session(session, row.account, row.id) else None

    def _live_session(self, session: Session, token: RefreshToken) -> SessionRow:
        """Returns the live session of a genuine token, with its row locked. Raises SessionExpired."""
        row = session_repository.held_session(session, token.family)
        if row is None or not self._tokens.genuine(row, token):
            reason = "unknown"
        elif self._life.has_expired(row, self._clock()):
            reason = "expired"
        else:
            return row
        metrics.refreshes.labels(reason).inc()
        raise SessionExpired
