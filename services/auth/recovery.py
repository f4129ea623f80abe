"""A new password by a link."""

from functools import partial

from chassis.clock import Clock
from chassis.database import Database
from services.auth import door_store, letters, revoking, store
from services.auth.account_schemas import Reset
from services.auth.errors import LinkOver
from services.auth.identity_journal import IdentityJournal
from services.auth.mail import Outbox
from services.auth.proving import Proving
from services.auth.random_tokens import hash_of
from services.auth.reset_links import LINK_LIFE
from services.auth.sessions import Sessions


class Recovery:
    """The use case. Everything that the old password opened ends; a link that came by mail verifies the address."""

    def __init__(
        self,
        database: Database,
        journal: IdentityJournal,
        proving: Proving,
        sessions: Sessions,
        outbox: Outbox | None,
        clock: Clock,
    ) -> None:
        self._database = database
        self._journal = journal
        self._proving = proving
        self._sessions = sessions
        self._outbox = outbox
        self._clock = clock

    def reset(self, sent: Reset) -> None:
        """Ends all sessions, API tokens and links. Raises LinkOver, Invalid, Unavailable."""
        token = hash_of(sent.token)
        with self._database.snapshot() as session:
            account = door_store.account_to_reset(session, token, self._clock(), LINK_LIFE)
        if account is None:
            raise LinkOver
        new_hash = self._proving.new_hash(sent.password, account.email, "/password")
        with self._journal.noting("reset_password", account.id) as noting:
            # Once more: of two who use the link at once, the journal's row lets one go first.
            account = door_store.account_to_reset(noting.session, token, self._clock(), LINK_LIFE)
            if account is None or store.held_account(noting.session, account.id) is None:
                raise LinkOver
            account.password_hash = new_hash
            account.email_verified = account.email_verified or door_store.is_mailed_reset(noting.session, token)
            account.pending_email = None
            door_store.delete_resets(noting.session, account.id)
            self._proving.forget_tries(noting.session, account)
            revoking.revoke_everything(noting, self._sessions, account.id)
        if self._outbox is not None:
            self._outbox.put(partial(letters.password_reset_done, account.email))
