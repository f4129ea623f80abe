"""All that auth knows about a person, for them to take along."""

from uuid import UUID

from chassis.database.engine import Database
from chassis.process.clock import Clock
from contracts.identity import Claims
from contracts.journal import JournalEntry
from services.auth.api_tokens.service import ApiTokens
from services.auth.current_user import Presence
from services.auth.erasure.schemas import AccountExport
from services.auth.identity_journal import IdentityJournal
from services.auth.sign_in.session_list import SessionDesk


class Exporting:
    """The use case."""

    def __init__(
        self,
        database: Database,
        journal: IdentityJournal,
        presence: Presence,
        sessions: SessionDesk,
        tokens: ApiTokens,
        clock: Clock,
    ) -> None:
        self._database = database
        self._journal = journal
        self._presence = presence
        self._sessions = sessions
        self._tokens = tokens
        self._clock = clock

    def export(self, claims: Claims) -> AccountExport:
        """Raises Unauthenticated where the session has ended."""
        with self._database.snapshot() as session:
            person = self._presence.of(session, claims).person
        return AccountExport(
            exported_at=self._clock(),
            user=person.shown(),
            created_at=person.account.created_at,
            sessions=self._sessions.list(claims).items,
            tokens=self._tokens.tokens(claims).items,
            events=[_about(entry, claims.sub) for entry in self._journal.entries_about(claims.sub)],
        )


def _about(entry: JournalEntry, account: UUID) -> JournalEntry:
    """Without what the same action meant to others."""
    own = tuple(
        pair
        for pair in entry.pairs
        if pair.id == account or (pair.before or pair.after or {}).get("account") == str(account)
    )
    return entry.model_copy(update={"pairs": own})
