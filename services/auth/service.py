"""What can be done with an identity: every use case, a method each. Each transaction begins and ends here.

Hashing a password takes longer than all the rest together, so it never happens within a transaction.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from chassis.database import Database
from chassis.errors import NotFound, Unauthenticated
from contracts.book import OpenedLedger
from contracts.identity import AUDIENCE, ISSUER, Claims, Scope
from contracts.journal import FeedPage
from services.auth import metrics, people, store
from services.auth.clock import Clock
from services.auth.emails import email_key, read_email
from services.auth.errors import SessionOver, WrongCredentials
from services.auth.identity_journal import IdentityJournal
from services.auth.keys import SigningKeys
from services.auth.models import AccountRow
from services.auth.passwords import Passwords
from services.auth.people import Person
from services.auth.refresh_tokens import RefreshToken
from services.auth.schemas import Credentials, Registration, Session, SessionList, SignedIn, User
from services.auth.sessions import OpenSession, Sessions
from services.auth.settings import ACCESS_LIFE, CLOCK_DIFFERENCE


@dataclass(frozen=True)
class Admitted:
    """Somebody is in: the answer, and what goes into the cookies."""

    answer: SignedIn
    refresh_token: str
    lasts: timedelta


class Identity:
    """The use cases."""

    def __init__(
        self,
        database: Database,
        journal: IdentityJournal,
        passwords: Passwords,
        sessions: Sessions,
        keys: SigningKeys,
        clock: Clock,
    ) -> None:
        self._database = database
        self._journal = journal
        self._passwords = passwords
        self._sessions = sessions
        self._keys = keys
        self._clock = clock

    def register(self, sent: Registration, device: str | None) -> Admitted:
        """Raises EmailTaken, Unavailable."""
        password_hash = self._passwords.hash(sent.password)
        with self._database.write() as session:
            account = people.add_person(session, sent, password_hash, self._clock())
            opened = self._sessions.open(session, account, device)
            person = people.find_person(session, account)
        return self._admit(person, opened)

    def sign_in(self, sent: Credentials, device: str | None) -> Admitted:
        """Raises WrongCredentials, Unavailable."""
        account = self._proved(sent)
        with self._database.write() as session:
            person = people.find_person(session, account.id)
            # Whoever changed the password meanwhile did so to keep others out.
            if person is None or person.account.password_hash != account.password_hash:
                raise WrongCredentials
            opened = self._sessions.open(session, account.id, device)
        return self._admit(person, opened)

    def refresh(self, text: str | None) -> Admitted:
        """Carries a session on. Raises SessionOver."""
        token = RefreshToken.read(text or "")
        if token is None:
            raise SessionOver
        with self._database.write() as session:
            opened = self._sessions.carry_on(session, token)
            person = people.find_person(session, opened.account) if opened else None
        # Only now: a token used twice has ended the session, and that must be committed.
        if opened is None:
            raise SessionOver
        return self._admit(person, opened)

    def sign_out(self, claims: Claims | None, refresh_token: str | None) -> None:
        """Ends the session that the caller can prove, by either token; there may be none left."""
        token = RefreshToken.read(refresh_token or "")
        with self._journal.noting("sign_out", claims.sub if claims else None) as noting:
            if token is not None and (ended := self._sessions.end_by_token(noting.session, token)):
                noting.session_ended(ended.id, ended.account)
            if claims is not None and store.delete_session(noting.session, claims.sub, claims.sid):
                noting.session_ended(claims.sid, claims.sub)

    def user(self, claims: Claims) -> User:
        """Raises Unauthenticated where the session has ended."""
        with self._database.snapshot() as session:
            person = people.find_person(session, claims.sub) if self._sessions.is_live(session, claims.sid) else None
        if person is None:
            raise Unauthenticated
        return person.shown()

    def sessions(self, claims: Claims) -> SessionList:
        """Where the person is signed in. Raises Unauthenticated where the asking session has ended."""
        with self._database.snapshot() as session:
            rows = self._sessions.live(session, claims.sub)
        if claims.sid not in {row.id for row in rows}:
            raise Unauthenticated
        items = [
            Session(
                id=row.id,
                device=row.device,
                created_at=row.created_at,
                used_at=row.used_at,
                current=row.id == claims.sid,
            )
            for row in rows
        ]
        return SessionList(items=items)

    def end_session(self, claims: Claims, id_: UUID) -> None:
        """Raises NotFound for another person's session, and Unauthenticated where the asking one has ended."""
        with self._journal.noting("end_session", claims.sub) as noting:
            if not self._sessions.is_live(noting.session, claims.sid):
                raise Unauthenticated
            if not store.delete_session(noting.session, claims.sub, id_):
                raise NotFound
            noting.session_ended(id_, claims.sub)

    def feed(self, after: int | None) -> FeedPage:
        """What became of sessions, accounts and roles after a revision, or since the oldest good token."""
        if after is not None:
            return self._journal.feed(after)
        return self._journal.feed_since(self._clock() - ACCESS_LIFE - CLOCK_DIFFERENCE)

    def ledger(self, id_: UUID) -> OpenedLedger:
        """A ledger's settings, for the book that opens it. Raises NotFound."""
        with self._database.snapshot() as session:
            row = store.ledger(session, id_)
        if row is None:
            raise NotFound
        return OpenedLedger(id=row.id, currency=row.currency, time_zone=row.time_zone, locale=row.locale)

    def _proved(self, sent: Credentials) -> AccountRow:
        """The one place where a password proves who somebody is. Unknown accounts cost the same time."""
        account = self._account(sent.email)
        proved = self._passwords.match(sent.password, account.password_hash if account else None)
        metrics.sign_ins.labels("admitted" if proved else "refused").inc()
        if account is None or not proved:
            raise WrongCredentials
        return account

    def _account(self, email: str) -> AccountRow | None:
        try:
            key = email_key(read_email(email))
        except ValueError:
            key = None
        with self._database.snapshot() as session:
            return store.account_by_email(session, key) if key else None

    def _admit(self, person: Person | None, opened: OpenSession) -> Admitted:
        if person is None:
            raise SessionOver
        now = int(self._clock().timestamp())
        claims = Claims(
            sub=person.account.id,
            sid=opened.id,
            scope=" ".join(Scope),
            epoch=person.account.epoch,
            ledgers={row.id: role for row, role in person.ledgers},
            iat=now,
            exp=now + int(ACCESS_LIFE.total_seconds()),
        )
        token = self._keys.sign(claims.model_dump(mode="json") | {"iss": ISSUER, "aud": AUDIENCE})
        answer = SignedIn(access_token=token, expires_in=int(ACCESS_LIFE.total_seconds()), user=person.shown())
        return Admitted(answer, str(opened.refresh_token), opened.lasts)
