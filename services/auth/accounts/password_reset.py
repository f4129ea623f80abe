"""Sets a new password by a link."""

from functools import partial

from chassis.database.engine import Database
from chassis.process.clock import Clock
from services.auth.accounts import reset_repository, revocation
from services.auth.accounts.reset_links import RESET_LINK_LIFETIME
from services.auth.accounts.schemas import Reset
from services.auth.errors import LinkExpired
from services.auth.identity import repository as auth_repository
from services.auth.identity.journal import IdentityJournal
from services.auth.mail import messages as mail_messages
from services.auth.mail.mailer import Outbox
from services.auth.passwords.verification import PasswordVerifier
from services.auth.random_tokens import hash_of
from services.auth.sessions.sessions import Sessions


class PasswordReset:
    """The use case. Ends everything that the old password opened. A link that was emailed also verifies the address."""

    def __init__(
        self,
        database: Database,
        journal: IdentityJournal,
        password_verifier: PasswordVerifier,
        sessions: Sessions,
        outbox: Outbox | None,
        clock: Clock,
    ) -> None:
        self._database = database
        self._journal = journal
        self._password_verifier = password_verifier
        self._sessions = sessions
        self._outbox = outbox
        self._clock = clock

    def reset(self, request: Reset) -> None:
        """Sets the password, and ends all sessions, API tokens and links. Raises LinkExpired, Invalid, Unavailable."""
        token = hash_of(request.token)
        with self._database.snapshot() as session:
            account = reset_repository.account_to_reset(session, token, self._clock(), RESET_LINK_LIFETIME)
        if account is None:
            raise LinkExpired
        new_hash = self._password_verifier.new_hash(request.password, account.email, "/password")
        with self._journal.unit_of_work("reset_password", account.id) as uow:
            # Checked again under the journal's lock: of two concurrent uses of the link only one succeeds.
            account = reset_repository.account_to_reset(uow.session, token, self._clock(), RESET_LINK_LIFETIME)
            if account is None or auth_repository.held_account(uow.session, account.id) is None:
                raise LinkExpired
            account.password_hash = new_hash
            account.email_verified = account.email_verified or reset_repository.is_mailed_reset(uow.session, token)
            account.pending_email = None
            reset_repository.delete_resets(uow.session, account.id)
            self._password_verifier.clear_attempts(uow.session, account)
            revocation.revoke_everything(uow, self._sessions, account.id)
        if self._outbox is not None:
            self._outbox.put(partial(mail_messages.password_reset_done, account.email))
