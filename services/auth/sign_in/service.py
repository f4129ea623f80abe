"""Coming in, carrying on and going out, and what other parts ask of auth. Each transaction begins and ends here.

Hashing a password takes longer than all the rest together, so it never happens within a transaction.
"""

from uuid import UUID

from chassis.database.engine import Database
from chassis.errors import NotFound
from contracts.book import OpenedLedger
from contracts.identity import Claims, GenerationUses
from contracts.journal import FeedPage
from services.auth import repository as auth_repository
from services.auth import users
from services.auth.accounts.password_verification import Proving
from services.auth.accounts.registration import Admission
from services.auth.errors import SessionOver, TokenReused
from services.auth.identity_journal import IdentityJournal
from services.auth.schemas import Credentials, Registration
from services.auth.sessions.access_tokens import AccessTokens, Admitted
from services.auth.sessions.refresh_tokens import RefreshToken
from services.auth.sessions.sessions import OpenSession, Sessions
from services.auth.throttling.client_info import Visitor
from services.auth.users import Person


class Identity:
    """The use cases."""

    def __init__(
        self,
        database: Database,
        journal: IdentityJournal,
        admission: Admission,
        proving: Proving,
        sessions: Sessions,
        tokens: AccessTokens,
    ) -> None:
        self._database = database
        self._journal = journal
        self._admission = admission
        self._proving = proving
        self._sessions = sessions
        self._tokens = tokens

    def register(self, sent: Registration, visitor: Visitor) -> Admitted:
        """Raises InvitationNeeded, Invalid, EmailTaken, Unavailable."""
        with self._database.snapshot() as session:
            self._admission.check(session, sent, visitor)
        password_hash = self._proving.new_hash(sent.password, sent.email, "/password")
        # The journal's row orders registrations, so that of two first ones only one is the first.
        with self._journal.noting("register", None) as noting:
            newcomer = self._admission.admit(noting, sent, visitor, password_hash)
            opened = self._sessions.open(noting.session, newcomer, visitor)
            person = users.find_person(noting.session, newcomer)
        self._admission.welcome(newcomer)
        return self._admit(person, opened)

    def sign_in(self, sent: Credentials, visitor: Visitor) -> Admitted:
        """Raises WrongCredentials, TooManyRequests, Unavailable."""
        proof = self._proving.of_stranger(sent, visitor.address)
        with self._database.write() as session:
            account = self._proving.settle(session, proof)
            opened = self._sessions.open(session, account.id, visitor)
            person = users.find_person(session, account.id)
        return self._admit(person, opened)

    def refresh(self, text: str | None, visitor: Visitor) -> Admitted:
        """Carries a session on. Raises SessionOver."""
        token = RefreshToken.read(text or "")
        if token is None:
            raise SessionOver
        try:
            with self._database.write() as session:
                opened = self._sessions.carry_on(session, token, visitor.address)
                person = users.find_person(session, opened.account)
        except TokenReused as reused:
            self._end_reused(reused)
            raise
        return self._admit(person, opened)

    def sign_out(self, claims: Claims | None, refresh_token: str | None) -> None:
        """Ends the session that the caller can prove, by either token; there may be none left."""
        token = RefreshToken.read(refresh_token or "")
        with self._journal.noting("sign_out", claims.sub if claims else None) as noting:
            if token is not None and (ended := self._sessions.end_by_token(noting.session, token)):
                noting.session_ended(ended.id, ended.account)
            if claims is not None and auth_repository.delete_session(noting.session, claims.sub, claims.sid):
                noting.session_ended(claims.sid, claims.sub)

    def confirm(self, sent: GenerationUses) -> None:
        """Stores which generations of sessions are in use."""
        # Not worth a sync: what a crash forgets, the next refresh or another gateway's report says again.
        with self._database.write(durable=False) as session:
            self._sessions.confirm(session, sent.uses)

    def feed(self, after: int | None) -> FeedPage:
        """What became of sessions, accounts and roles after a revision, or since the oldest good token."""
        return self._journal.feed_since(*self._tokens.period()) if after is None else self._journal.feed(after)

    def ledger(self, id_: UUID) -> OpenedLedger:
        """A ledger's settings, for the book that opens it. Raises NotFound."""
        with self._database.snapshot() as session:
            row = auth_repository.ledger(session, id_)
        if row is None:
            raise NotFound
        return OpenedLedger(id=row.id, currency=row.currency, time_zone=row.time_zone, locale=row.locale)

    def _end_reused(self, reused: TokenReused) -> None:
        """In a transaction of its own, since the journal has to be taken first.

        Should we die in between, the session lives on until the token is presented once more.
        """
        with self._journal.noting("end_reused_session", None) as noting:
            if auth_repository.delete_session(noting.session, reused.account, reused.family):
                noting.session_ended(reused.family, reused.account)

    def _admit(self, person: Person | None, opened: OpenSession) -> Admitted:
        if person is None:
            raise SessionOver
        return self._tokens.admit(person, opened)
