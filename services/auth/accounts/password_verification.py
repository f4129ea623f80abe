"""The one place where a password proves who somebody is, and where a new one is taken."""

from typing import NamedTuple

from sqlalchemy.orm import Session

from chassis.database.engine import Database
from chassis.errors import TooManyRequests
from contracts.identity import Claims
from services.auth import attempts_repository, metrics
from services.auth import repository as auth_repository
from services.auth.accounts.email_addresses import email_key, read_email
from services.auth.accounts.password_rules import check_guessable
from services.auth.accounts.passwords import Passwords
from services.auth.errors import WrongCredentials, WrongPassword
from services.auth.schemas import Credentials
from services.auth.sessions.sessions import Sessions
from services.auth.tables import AccountRow
from services.auth.throttling.login_throttle import Counted, Tries


class Proof(NamedTuple):
    """Whoever asks knew the password of this account."""

    account: AccountRow
    counted: tuple[Counted, ...]


class Proving:
    """Checks passwords outside of any transaction, since that takes longer than all the rest together.

    Before it, in a transaction of its own, the try is counted; after it, the caller's transaction calls `settle`.
    """

    def __init__(self, database: Database, passwords: Passwords, tries: Tries, sessions: Sessions) -> None:
        self._database = database
        self._passwords = passwords
        self._tries = tries
        self._sessions = sessions

    def of_stranger(self, sent: Credentials, address: str | None) -> Proof:
        """Unknown accounts cost and answer the same. Raises WrongCredentials, TooManyRequests, Unavailable."""
        key = _key(sent.email)
        try:
            with self._database.write() as session:
                counted = self._counted(session, key or sent.email, address)
                self._tries.begin(session, counted)
                account = auth_repository.account_by_email(session, key) if key else None
        except TooManyRequests:
            metrics.sign_ins.labels("delayed").inc()
            raise
        proved = self._passwords.match(sent.password, account.password_hash if account else None)
        metrics.sign_ins.labels("admitted" if proved else "refused").inc()
        if account is None or not proved:
            raise WrongCredentials
        return Proof(account, counted)

    def of_person(self, claims: Claims, password: str, pointer: str) -> Proof:
        """Somebody signed in says their password once more. Raises Unauthenticated, WrongPassword, TooManyRequests."""
        counted = (self._tries.of_session(claims.sid),)
        with self._database.write() as session:
            account = self._sessions.owner(session, claims)
            self._tries.begin(session, counted)
        if not self._passwords.match(password, account.password_hash):
            raise WrongPassword(pointer)
        return Proof(account, counted)

    def settle(self, session: Session, proof: Proof) -> AccountRow:
        """The account as it is now, held. Raises WrongCredentials where the password has been changed meanwhile."""
        # Whoever changes it does so to keep others out: they end what was opened before, and nothing is opened after.
        account = auth_repository.held_account(session, proof.account.id)
        if account is None or account.password_hash != proof.account.password_hash:
            raise WrongCredentials
        self._tries.proved_right(session, proof.counted)
        return account

    def new_hash(self, password: str, email: str, pointer: str) -> str:
        """What to store of a new password. Raises Invalid, Unavailable."""
        check_guessable(password, email, pointer)
        return self._passwords.hash(password)

    def forget_tries(self, session: Session, account: AccountRow) -> None:
        """Its password is a new one: whatever was guessed before keeps nobody waiting."""
        self._tries.forget_account(session, account.email_key)

    def _counted(self, session: Session, email: str, address: str | None) -> tuple[Counted, ...]:
        """Where the account is in use, its owner is not kept waiting for what others try elsewhere."""
        at_home = address is not None and attempts_repository.is_signed_in_at(session, _storable(email), address)
        account = () if at_home else (self._tries.of_account(email),)
        return (*account, *((self._tries.of_place(address),) if address else ()))


def _key(email: str) -> str | None:
    try:
        return email_key(read_email(email))
    except ValueError:
        return None


def _storable(text: str) -> str:
    """PostgreSQL takes no NUL, not even in a question."""
    return text.replace("\x00", "")
