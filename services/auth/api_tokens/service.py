"""Creates, lists and revokes API tokens; exchanges them for short-lived access tokens on behalf of the gateway."""

import re
from datetime import datetime, timedelta
from uuid import UUID

import uuid_utils.compat as uuids

from chassis.database.engine import Database
from chassis.errors import Conflict, NotFound, Unauthenticated
from chassis.process.clock import Clock, is_due
from contracts.identity import Claims, Scope
from services.auth.api_tokens import repository
from services.auth.api_tokens.schemas import ApiToken, ApiTokenList, NewApiToken, TokenExchangeResponse, TokenIn
from services.auth.identity import users
from services.auth.identity.journal import IdentityJournal
from services.auth.identity.tables import ApiTokenRow
from services.auth.passwords.verification import PasswordVerifier
from services.auth.random_tokens import hash_of, new_secret
from services.auth.sessions.access_tokens import AccessTokens
from services.auth.sessions.current_user import UserAuthenticator
from services.auth.settings import ACCESS_TOKEN_LIFETIME

PREFIX = "outlay_pat_"
"""Prefix of every token, by which secret scanners recognise one."""

VISIBLE_CHARACTERS = len(PREFIX) + 5
"""Characters that stay readable; the 38 hidden ones still have 228 bits."""

MAX_TOKENS = 50

USE_RECORDED_EVERY = timedelta(minutes=1)
"""Interval between writes of the last use. Only users read it, so a busy program causes one write a minute."""

_FORM = re.compile(PREFIX + r"[A-Za-z0-9_-]{43}", re.ASCII)


class ApiTokenService:
    """The use cases of API tokens."""

    def __init__(
        self,
        database: Database,
        journal: IdentityJournal,
        authenticator: UserAuthenticator,
        password_verifier: PasswordVerifier,
        access: AccessTokens,
        clock: Clock,
    ) -> None:
        self._database = database
        self._journal = journal
        self._authenticator = authenticator
        self._password_verifier = password_verifier
        self._access = access
        self._clock = clock

    def create(self, claims: Claims, request: TokenIn) -> NewApiToken:
        """Creates a token. Raises WrongPassword, TooManyRequests, and Conflict at MAX_TOKENS tokens."""
        proof = self._password_verifier.verify_current_user(claims, request.password, "/password")
        token, now = PREFIX + new_secret(), self._clock()
        row = ApiTokenRow(
            id=uuids.uuid7(),
            account=claims.sub,
            name=request.name,
            token_hash=hash_of(token),
            prefix=token[:VISIBLE_CHARACTERS],
            scope=" ".join(request.scopes),
            created_at=now,
            expires_at=now + timedelta(days=request.expires_in_days) if request.expires_in_days else None,
        )
        # Under the journal's lock, so that two concurrent requests cannot exceed the limit together.
        with self._journal.unit_of_work("create_token", claims.sub) as uow:
            self._authenticator.authenticate(uow.session, claims)
            self._password_verifier.settle(uow.session, proof)
            if len(repository.of_account(uow.session, claims.sub)) >= MAX_TOKENS:
                raise Conflict(f"You have {MAX_TOKENS} tokens already. Revoke one that you no longer use.")
            repository.add(uow.session, row)
        return NewApiToken(**_to_api_token(row).model_dump(), token=token)

    def tokens(self, claims: Claims) -> ApiTokenList:
        """Returns the user's tokens, newest first."""
        with self._database.snapshot() as session:
            self._authenticator.authenticate(session, claims)
            return ApiTokenList(items=[_to_api_token(row) for row in repository.of_account(session, claims.sub)])

    def revoke(self, claims: Claims, id_: UUID) -> None:
        """Revokes a token. Raises NotFound if it is not the user's own."""
        with self._journal.unit_of_work("revoke_token", claims.sub) as uow:
            self._authenticator.authenticate(uow.session, claims)
            if not repository.delete(uow.session, claims.sub, id_):
                raise NotFound
            uow.session_ended(id_, claims.sub)

    def exchange(self, text: str) -> TokenExchangeResponse:
        """Returns an access token with the scopes of an API token. Raises Unauthenticated for any invalid token."""
        row, now = self._presented(text), self._clock()
        if row is None or row.has_expired(now):
            raise Unauthenticated
        with self._database.snapshot() as session:
            user = users.find_user(session, row.account)
        if user is None:
            raise Unauthenticated
        if is_due(row.used_at, now, USE_RECORDED_EVERY):
            with self._database.write() as session:
                repository.note_use(session, row.id, now)
        issued = self._access.issue(user, row.id, map(Scope, row.scope.split()), _remaining_lifetime(row, now))
        return TokenExchangeResponse(access_token=issued.token, expires_in=issued.expires_in)

    def _presented(self, text: str) -> ApiTokenRow | None:
        if _FORM.fullmatch(text) is None:
            return None
        with self._database.snapshot() as session:
            return repository.by_hash(session, hash_of(text))


def _remaining_lifetime(row: ApiTokenRow, now: datetime) -> timedelta:
    # At least a second: the token has not expired, and clients reject a lifetime of zero.
    return max(row.expires_at - now, timedelta(seconds=1)) if row.expires_at else ACCESS_TOKEN_LIFETIME


def _to_api_token(row: ApiTokenRow) -> ApiToken:
    fields = ("id", "name", "prefix", "created_at", "expires_at", "used_at")
    return ApiToken.model_validate({name: getattr(row, name) for name in fields} | {"scopes": row.scope.split()})
