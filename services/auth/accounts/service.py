"""Changes of users to their own account: password, name, email address."""

from sqlalchemy.orm import Session

from chassis.database.engine import Database
from chassis.errors import Unauthenticated
from contracts.identity import Claims, Permission
from services.auth.accounts import reset_repository, revocation
from services.auth.accounts.email_verification import EmailVerification
from services.auth.accounts.schemas import PasswordChange, ProfilePatch
from services.auth.identity import users
from services.auth.identity.journal import IdentityJournal
from services.auth.identity.schemas import User
from services.auth.mail import messages as mail_messages
from services.auth.passwords.verification import PasswordProof, PasswordVerifier
from services.auth.sessions.current_user import UserAuthenticator
from services.auth.sessions.sessions import Sessions


class ProfileService:
    """The use cases of a user's profile."""

    def __init__(
        self,
        database: Database,
        journal: IdentityJournal,
        authenticator: UserAuthenticator,
        password_verifier: PasswordVerifier,
        sessions: Sessions,
        verification: EmailVerification,
    ) -> None:
        self._database = database
        self._journal = journal
        self._authenticator = authenticator
        self._password_verifier = password_verifier
        self._sessions = sessions
        self._verification = verification

    def user(self, claims: Claims) -> User:
        """Returns the current user. Raises Unauthenticated, and Forbidden for an API token without `read`."""
        with self._database.snapshot() as session:
            current = self._authenticator.authenticate(session, claims)
        current.require(Permission.READ, claims.personal_ledger)
        return current.user.to_user()

    def change_password(self, claims: Claims, request: PasswordChange) -> None:
        """Sets a new password, ends every other session, and revokes API tokens if requested.

        Raises Unauthenticated, WrongPassword, Invalid, TooManyRequests, Unavailable.
        """
        proof = self._password_verifier.verify_current_user(claims, request.current, "/current")
        new_hash = self._password_verifier.new_hash(request.new, proof.account.email, "/new")
        with self._journal.unit_of_work("change_password", claims.sub) as uow:
            self._sessions.owner(uow.session, claims)
            account = self._password_verifier.settle(uow.session, proof)
            account.password_hash = new_hash
            account.pending_email = None  # a thief with the old password may have requested it
            reset_repository.delete_resets(uow.session, account.id)
            self._sessions.end_all(uow, account.id, keep=claims.sid)
            if request.revoke_tokens:
                revocation.revoke_tokens(uow, account.id)
        self._verification.notify(account.email, mail_messages.password_changed)

    def change_profile(self, claims: Claims, request: ProfilePatch) -> User:
        """Changes name, first day of the week and address.

        Raises Unauthenticated, WrongPassword, EmailTaken, TooManyRequests, Unavailable.
        """
        proof = (
            self._password_verifier.verify_current_user(claims, request.password, "/password")
            if request.email and request.password
            else None
        )
        # The lock on the journal's row serialises address changes and registrations: the second sees the first.
        with self._journal.unit_of_work("change_profile", claims.sub) as uow:
            account = self._sessions.owner(uow.session, claims)
            previous_email = account.email
            if proof and request.email:
                self._move(uow.session, proof, request.email)
            pending_email = account.pending_email if proof else None
            if "name" in request.model_fields_set:
                account.name = request.name
            if "week_start" in request.model_fields_set:
                account.week_start = request.week_start
            uow.session.flush()
            user = users.find_user(uow.session, claims.sub)
        if user is None:
            raise Unauthenticated
        if pending_email:
            self._verification.send_change(claims.sub, pending_email)
        if user.account.email != previous_email:
            self._verification.notify(previous_email, mail_messages.address_changed)
        return user.to_user()

    def _move(self, session: Session, proof: PasswordProof, email: str) -> None:
        self._verification.change(session, self._password_verifier.settle(session, proof), email)
