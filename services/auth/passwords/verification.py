"""Verifies passwords, and hashes new ones. No other module does."""

from typing import NamedTuple

from sqlalchemy.orm import Session

from chassis.database.engine import Database
from chassis.errors import TooManyRequests
from contracts.identity import Claims
from services.auth import metrics
from services.auth.errors import WrongCredentials, WrongPassword
from services.auth.identity import repository as auth_repository
from services.auth.identity.email_addresses import email_key, read_email
from services.auth.identity.password_rules import check_guessable
from services.auth.identity.schemas import Credentials
from services.auth.identity.tables import AccountRow
from services.auth.passwords.hashes import PasswordHashes
from services.auth.sessions import repository as session_repository
from services.auth.sessions.sessions import Sessions
from services.auth.throttling.login_throttle import AttemptKey, LoginThrottle


class PasswordProof(NamedTuple):
    """Proof that the user knew the password of this account."""

    account: AccountRow
    attempts: tuple[AttemptKey, ...]


class PasswordVerifier:
    """Verifies passwords outside of transactions, since hashing takes longer than everything else together.

    The attempt is counted before, in a transaction of its own. Afterwards the caller's transaction calls `settle`.
    """

    def __init__(
        self, database: Database, passwords: PasswordHashes, throttle: LoginThrottle, sessions: Sessions
    ) -> None:
        self._database = database
        self._passwords = passwords
        self._throttle = throttle
        self._sessions = sessions

    def verify_credentials(self, request: Credentials, address: str | None) -> PasswordProof:
        """Verifies a sign-in; unknown accounts take the same time and get the same response.

        Raises WrongCredentials, TooManyRequests, Unavailable.
        """
        key = _key(request.email)
        try:
            with self._database.write() as session:
                attempt_keys = self._attempt_keys(session, key or request.email, address)
                self._throttle.begin(session, attempt_keys)
                account = auth_repository.account_by_email(session, key) if key else None
        except TooManyRequests:
            metrics.sign_ins.labels("delayed").inc()
            raise
        is_right = self._passwords.match(request.password, account.password_hash if account else None)
        metrics.sign_ins.labels("admitted" if is_right else "refused").inc()
        if account is None or not is_right:
            raise WrongCredentials
        return PasswordProof(account, attempt_keys)

    def verify_current_user(self, claims: Claims, password: str, pointer: str) -> PasswordProof:
        """Verifies the password of a signed-in user. Raises Unauthenticated, WrongPassword, TooManyRequests."""
        attempt_keys = (self._throttle.of_session(claims.sid),)
        with self._database.write() as session:
            account = self._sessions.owner(session, claims)
            self._throttle.begin(session, attempt_keys)
        if not self._passwords.match(password, account.password_hash):
            raise WrongPassword(pointer)
        return PasswordProof(account, attempt_keys)

    def settle(self, session: Session, proof: PasswordProof) -> AccountRow:
        """Returns the current account, locked. Raises WrongCredentials if the password was changed meanwhile."""
        # The lock serialises this with password changes, which end all sessions opened before them.
        account = auth_repository.held_account(session, proof.account.id)
        if account is None or account.password_hash != proof.account.password_hash:
            raise WrongCredentials
        self._throttle.succeeded(session, proof.attempts)
        return account

    def new_hash(self, password: str, email: str, pointer: str) -> str:
        """Returns the hash of a new password. Raises Invalid, Unavailable."""
        check_guessable(password, email, pointer)
        return self._passwords.hash(password)

    def clear_attempts(self, session: Session, account: AccountRow) -> None:
        """Clears the failed attempts of an account whose password was changed."""
        self._throttle.clear_account(session, account.email_key)

    def _attempt_keys(self, session: Session, email: str, address: str | None) -> tuple[AttemptKey, ...]:
        """Leaves out the account's limit at an IP address of its sessions, so that attacks do not delay its owner."""
        is_familiar = address is not None and session_repository.has_session_from(session, _without_nul(email), address)
        account = () if is_familiar else (self._throttle.of_account(email),)
        return (*account, *((self._throttle.of_network(address),) if address else ()))


def _key(email: str) -> str | None:
    try:
        return email_key(read_email(email))
    except ValueError:
        return None


def _without_nul(text: str) -> str:
    """Returns the text without NUL, which PostgreSQL does not accept."""
    return text.replace("\x00", "")
