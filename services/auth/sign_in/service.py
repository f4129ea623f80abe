"""Registration, sign-in, refresh and sign-out, and requests of other services. Each method is one transaction or more.

Hashing a password takes longer than everything else together, so it never happens within a transaction.
"""

from uuid import UUID

from chassis.database.engine import Database
from chassis.errors import NotFound
from contracts.book import OpenedLedger
from contracts.identity import Claims, GenerationUses
from contracts.journal import FeedPage
from services.auth.accounts.registration import Registrations
from services.auth.errors import SessionExpired, TokenReused
from services.auth.identity import repository as auth_repository
from services.auth.identity import users
from services.auth.identity.journal import IdentityJournal
from services.auth.identity.schemas import Credentials, Registration
from services.auth.identity.users import UserAccount
from services.auth.passwords.verification import PasswordVerifier
from services.auth.sessions import repository as session_repository
from services.auth.sessions.access_tokens import AccessTokens, SignInResult
from services.auth.sessions.refresh_tokens import RefreshToken
from services.auth.sessions.sessions import OpenSession, Sessions
from services.auth.throttling.client_info import ClientInfo


class SignInService:
    """The use cases of signing in."""

    def __init__(
        self,
        database: Database,
        journal: IdentityJournal,
        registrations: Registrations,
        password_verifier: PasswordVerifier,
        sessions: Sessions,
        tokens: AccessTokens,
    ) -> None:
        self._database = database
        self._journal = journal
        self._registrations = registrations
        self._password_verifier = password_verifier
        self._sessions = sessions
        self._tokens = tokens

    def register(self, request: Registration, client: ClientInfo) -> SignInResult:
        """Creates an account and signs in. Raises InvitationNeeded, Invalid, EmailTaken, Unavailable."""
        with self._database.snapshot() as session:
            self._registrations.check(session, request, client)
        password_hash = self._password_verifier.new_hash(request.password, request.email, "/password")
        # The lock on the journal's row serialises registrations, so that only one account can be the first.
        with self._journal.unit_of_work("register", None) as uow:
            account_id = self._registrations.register(uow, request, client, password_hash)
            opened = self._sessions.open(uow.session, account_id, client)
            user = users.find_user(uow.session, account_id)
        self._registrations.welcome(account_id)
        return self._sign_in_result(user, opened)

    def sign_in(self, request: Credentials, client: ClientInfo) -> SignInResult:
        """Signs in with a password. Raises WrongCredentials, TooManyRequests, Unavailable."""
        proof = self._password_verifier.verify_credentials(request, client.address)
        with self._database.write() as session:
            account = self._password_verifier.settle(session, proof)
            opened = self._sessions.open(session, account.id, client)
            user = users.find_user(session, account.id)
        return self._sign_in_result(user, opened)

    def refresh(self, text: str | None, client: ClientInfo) -> SignInResult:
        """Refreshes a session. Raises SessionExpired."""
        token = RefreshToken.read(text or "")
        if token is None:
            raise SessionExpired
        try:
            with self._database.write() as session:
                opened = self._sessions.refresh(session, token, client.address)
                user = users.find_user(session, opened.account)
        except TokenReused as reused:
            self._end_reused(reused)
            raise
        return self._sign_in_result(user, opened)

    def sign_out(self, claims: Claims | None, refresh_token: str | None) -> None:
        """Ends the sessions of both tokens. Either may be missing, and the sessions may have ended already."""
        token = RefreshToken.read(refresh_token or "")
        with self._journal.unit_of_work("sign_out", claims.sub if claims else None) as uow:
            if token is not None and (ended := self._sessions.end_by_token(uow.session, token)):
                uow.session_ended(ended.id, ended.account)
            if claims is not None and session_repository.delete_session(uow.session, claims.sub, claims.sid):
                uow.session_ended(claims.sid, claims.sub)

    def confirm(self, request: GenerationUses) -> None:
        """Stores which generations of sessions are in use."""
        # Not durable: if a crash loses it, the next refresh or another gateway's report repeats it.
        with self._database.write(durable=False) as session:
            self._sessions.confirm(session, request.uses)

    def feed(self, after: int | None) -> FeedPage:
        """Returns changes to sessions, accounts and roles after a revision, or since the oldest valid token."""
        return self._journal.feed_since(*self._tokens.validity_period()) if after is None else self._journal.feed(after)

    def ledger(self, id_: UUID) -> OpenedLedger:
        """Returns a ledger's settings. Raises NotFound."""
        with self._database.snapshot() as session:
            row = auth_repository.ledger(session, id_)
        if row is None:
            raise NotFound
        return OpenedLedger(id=row.id, currency=row.currency, time_zone=row.time_zone, locale=row.locale)

    def _end_reused(self, reused: TokenReused) -> None:
        """Ends the session in a transaction of its own, since the journal must be locked first.

        If the process dies before it, the session lives until the token is presented once more.
        """
        with self._journal.unit_of_work("end_reused_session", None) as uow:
            if session_repository.delete_session(uow.session, reused.account, reused.family):
                uow.session_ended(reused.family, reused.account)

    def _sign_in_result(self, user: UserAccount | None, opened: OpenSession) -> SignInResult:
        if user is None:
            raise SessionExpired
        return self._tokens.sign_in(user, opened)
