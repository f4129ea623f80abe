"""Sessions: opened by a password, kept alive by rotating refresh tokens, ended by a person, by age or by a theft."""

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
    """How long a session lasts unused, and at all."""

    idle: timedelta
    total: timedelta

    def has_expired(self, row: SessionRow, now: datetime) -> bool:
        """Whether the session has run out."""
        return self.remaining(row, now) <= timedelta(0)

    def remaining(self, row: SessionRow, now: datetime) -> timedelta:
        """How much longer the session lasts unused; a stored moment in the future counts as `now`."""
        return min(min(row.used_at, now) + self.idle, min(row.created_at, now) + self.total) - now


@dataclass(frozen=True)
class OpenSession:
    """A session just opened or carried on, and the token that carries it on next."""

    id: UUID
    account: UserId
    generation: int
    refresh_token: RefreshToken | None
    """None where the caller goes on with the one that they have: a late answer then cannot overwrite a newer cookie."""
    lifetime: timedelta


class Sessions:
    """Opens sessions and carries them on, within the caller's transaction."""

    def __init__(self, tokens: RefreshTokens, life: SessionLifetime, clock: Clock, stopwatch: Stopwatch) -> None:
        self._tokens = tokens
        self._life = life
        self._clock = clock
        self._stopwatch = stopwatch
        self._rotation = Rotation(stopwatch)

    def open(self, session: Session, account: UserId, client: ClientInfo) -> OpenSession:
        """Opens a session with a new id, whatever the client sent: an id planted by an attacker is worthless."""
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
        """Exchanges a refresh token. Raises SessionOver; TokenReused where `end_reused` has to follow."""
        row = self._live_session(session, token)
        outcome = self._rotation.present(row, token.generation)
        metrics.refreshes.labels(outcome).inc()
        if outcome is RotationOutcome.REUSED:
            log.warning("refresh token used again; session ends", extra={"account": row.account, "session": row.id})
            raise TokenReused(row.id, row.account)
        now = self._clock()
        row.used_at, row.address = now, address
        row.created_at = min(row.created_at, now)  # begun by a clock ahead, it would last for longer
        session.flush()
        current = None if outcome is RotationOutcome.KEPT else self._tokens.later(row, row.generation)
        return OpenSession(row.id, row.account, row.generation, current, self._life.remaining(row, now))

    def confirm(self, session: Session, uses: Iterable[GenerationUse]) -> None:
        """Stores that access tokens are in use, and thus that the answers which carried them have arrived."""
        # A report may wait while auth is unavailable; beyond a token's life its age says nothing more.
        longest = ACCESS_TOKEN_LIFETIME.total_seconds()
        ages = [(use, timedelta(seconds=min(use.age, longest))) for use in uses]
        moments = [(use.session, use.generation, self._stopwatch.start(use.session, age)) for use, age in ages]
        session_repository.confirm_sessions(session, moments)

    def live(self, session: Session, account: UserId) -> list[SessionRow]:
        """The sessions of a person that have not run out, last used first."""
        now = self._clock()
        return [row for row in session_repository.sessions_of(session, account) if not self._life.has_expired(row, now)]

    def owner(self, session: Session, claims: Claims) -> AccountRow:
        """Returns the account of a live session. Raises Unauthenticated."""
        account = auth_repository.account(session, claims.sub)
        if account is None or not self.is_live(session, claims.sid):
            raise Unauthenticated
        return account

    def end_all(self, uow: IdentityUnitOfWork, account: UserId, keep: UUID | None = None) -> None:
        """Signs the person out everywhere, or everywhere but in that session."""
        for id_ in session_repository.delete_sessions(uow.session, account, keep):
            uow.session_ended(id_, account)

    def prune(self, session: Session) -> None:
        """Rows of sessions that have run out. Their last access tokens died long before."""
        now = self._clock()
        session_repository.delete_old_sessions(
            session, used_before=now - self._life.idle, begun_before=now - self._life.total
        )

    def is_live(self, session: Session, id_: UUID) -> bool:
        """Whether this session has neither been ended nor run out."""
        row = session_repository.session_by_id(session, id_)
        return row is not None and not self._life.has_expired(row, self._clock())

    def end_by_token(self, session: Session, token: RefreshToken) -> SessionRow | None:
        """Ends the family of a token, of whatever generation; None where there is no such family."""
        row = session_repository.session_by_id(session, token.family)
        if row is None or not self._tokens.genuine(row, token):
            return None
        return row if session_repository.delete_session(session, row.account, row.id) else None

    def _live_session(self, session: Session, token: RefreshToken) -> SessionRow:
        """The live session of a genuine token, its row held. Raises SessionOver."""
        row = session_repository.held_session(session, token.family)
        if row is None or not self._tokens.genuine(row, token):
            refused = "unknown"
        elif self._life.has_expired(row, self._clock()):
            refused = "expired"
        else:
            return row
        metrics.refreshes.labels(refused).inc()
        raise SessionExpired
