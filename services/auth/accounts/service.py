"""What people change about their own account: the password, the name, the address."""

from sqlalchemy.orm import Session

from chassis.database.engine import Database
from chassis.errors import Unauthenticated
from contracts.identity import Claims, Permission
from services.auth import attempts_repository, users
from services.auth.accounts.email_verification import EmailVerification
from services.auth.accounts.password_verification import Proof, Proving
from services.auth.accounts.schemas import PasswordChange, ProfilePatch
from services.auth.current_user import Presence
from services.auth.identity_journal import IdentityJournal
from services.auth.mail import messages as mail_messages
from services.auth.schemas import User
from services.auth.sessions import revocation
from services.auth.sessions.sessions import Sessions


class OwnAccount:
    """The use cases."""

    def __init__(
        self,
        database: Database,
        journal: IdentityJournal,
        presence: Presence,
        proving: Proving,
        sessions: Sessions,
        verification: EmailVerification,
    ) -> None:
        self._database = database
        self._journal = journal
        self._presence = presence
        self._proving = proving
        self._sessions = sessions
        self._verification = verification

    def user(self, claims: Claims) -> User:
        """Raises Unauthenticated where the session or API token has ended, Forbidden for a token that may not read."""
        with self._database.snapshot() as session:
            present = self._presence.of(session, claims)
        present.require(Permission.READ, claims.personal_ledger)
        return present.person.shown()

    def change_password(self, claims: Claims, sent: PasswordChange) -> None:
        """Ends every other session, and API tokens if asked to.

        Raises Unauthenticated, WrongPassword, Invalid, TooManyRequests, Unavailable.
        """
        proof = self._proving.of_person(claims, sent.current, "/current")
        new_hash = self._proving.new_hash(sent.new, proof.account.email, "/new")
        with self._journal.noting("change_password", claims.sub) as noting:
            self._sessions.owner(noting.session, claims)
            account = self._proving.settle(noting.session, proof)
            account.password_hash = new_hash
            account.pending_email = None  # it may have been requested with the old password, by a thief
            attempts_repository.delete_resets(noting.session, account.id)
            self._sessions.end_all(noting, account.id, keep=claims.sid)
            if sent.revoke_tokens:
                revocation.revoke_tokens(noting, account.id)
        self._verification.tell(account.email, mail_messages.password_changed)

    def change_profile(self, claims: Claims, sent: ProfilePatch) -> User:
        """Raises Unauthenticated, WrongPassword, EmailTaken, TooManyRequests, Unavailable."""
        proof = self._proving.of_person(claims, sent.password, "/password") if sent.email and sent.password else None
        # The journal's row orders whatever takes an address, as in registering: of two, the second sees the first.
        with self._journal.noting("change_profile", claims.sub) as noting:
            account = self._sessions.owner(noting.session, claims)
            before = account.email
            if proof and sent.email:
                self._move(noting.session, proof, sent.email)
            waits = account.pending_email if proof else None
            if "name" in sent.model_fields_set:
                account.name = sent.name
            if "week_start" in sent.model_fields_set:
                account.week_start = sent.week_start
            noting.session.flush()
            person = users.find_person(noting.session, claims.sub)
        if person is None:
            raise Unauthenticated
        if waits:
            self._verification.send_change(claims.sub, waits)
        if person.account.email != before:
            self._verification.tell(before, mail_messages.address_changed)
        return person.shown()

    def _move(self, session: Session, proof: Proof, email: str) -> None:
        self._verification.change(session, self._proving.settle(session, proof), email)
