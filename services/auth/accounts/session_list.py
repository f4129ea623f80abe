"""Lists a user's sessions, and ends them."""

from uuid import UUID

from chassis.database.engine import Database
from chassis.errors import NotFound, Unauthenticated
from contracts.identity import Claims
from services.auth.accounts import revocation
from services.auth.identity.journal import IdentityJournal
from services.auth.identity.schemas import Session, SessionList
from services.auth.identity.tables import SessionRow
from services.auth.sessions import repository as session_repository
from services.auth.sessions.sessions import Sessions


class SessionService:
    """The use cases. Writes ended sessions to the journal, so that gateways refuse their access tokens in moments."""

    def __init__(self, database: Database, journal: IdentityJournal, sessions: Sessions) -> None:
        self._database = database
        self._journal = journal
        self._sessions = sessions

    def list(self, claims: Claims) -> SessionList:
        """Returns the sessions, last used first. Raises Unauthenticated if the current one has ended."""
        with self._database.snapshot() as session:
            rows = self._sessions.live(session, claims.sub)
        if claims.sid not in {row.id for row in rows}:
            raise Unauthenticated
        return SessionList(items=[_to_session(row, claims) for row in rows])

    def end(self, claims: Claims, id_: UUID) -> None:
        """Ends a session. Raises NotFound for another user's session, Unauthenticated if the current one has ended."""
        with self._journal.unit_of_work("end_session", claims.sub) as uow:
            self._sessions.owner(uow.session, claims)
            if not session_repository.delete_session(uow.session, claims.sub, id_):
                raise NotFound
            uow.session_ended(id_, claims.sub)

    def end_all(self, claims: Claims, *, keep_current: bool, with_tokens: bool) -> None:
        """Ends all sessions, except the current one with `keep_current`. Revokes API tokens too with `with_tokens`.

        Raises Unauthenticated if the current session has ended.
        """
        with self._journal.unit_of_work("end_sessions", claims.sub) as uow:
            self._sessions.owner(uow.session, claims)
            self._sessions.end_all(uow, claims.sub, keep=claims.sid if keep_current else None)
            if with_tokens:
                revocation.revoke_tokens(uow, claims.sub)


def _to_session(row: SessionRow, claims: Claims) -> Session:
    return Session(
        id=row.id,
        device=row.device,
        address=row.address,
        created_at=row.created_at,
        used_at=row.used_at,
        current=row.id == claims.sid,
    )
