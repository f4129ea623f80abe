"""Exports all data that auth has about a user."""

from chassis.database.engine import Database
from chassis.process.clock import Clock
from contracts.identity import Claims
from contracts.ids import UserId
from contracts.journal import JournalEntry
from services.auth.accounts.session_list import SessionService
from services.auth.api_tokens.service import ApiTokenService
from services.auth.erasure.schemas import AccountExport
from services.auth.identity.journal import IdentityJournal
from services.auth.sessions.current_user import UserAuthenticator


class AccountExporter:
    """The use case of exporting an account."""

    def __init__(
        self,
        database: Database,
        journal: IdentityJournal,
        authenticator: UserAuthenticator,
        sessions: SessionService,
        tokens: ApiTokenService,
        clock: Clock,
    ) -> None:
        self._database = database
        self._journal = journal
        self._authenticator = authenticator
        self._sessions = sessions
        self._tokens = tokens
        self._clock = clock

    def export(self, claims: Claims) -> AccountExport:
        """Raises Unauthenticated if the session has ended."""
        with self._database.snapshot() as session:
            user = self._authenticator.authenticate(session, claims).user
        return AccountExport(
            exported_at=self._clock(),
            user=user.to_user(),
            created_at=user.account.created_at,
            sessions=self._sessions.list(claims).items,
            tokens=self._tokens.tokens(claims).items,
            events=[_about(entry, claims.sub) for entry in self._journal.entries_about(claims.sub)],
        )


def _about(entry: JournalEntry, account: UserId) -> JournalEntry:
    """Returns the entry without the changes to other accounts."""
    own = tuple(
        pair
        for pair in entry.pairs
        if pair.id == account or (pair.before or pair.after or {}).get("account") == str(account)
    )
    return entry.model_copy(update={"pairs": own})
