"""API tokens: made, listed, revoked by a person; traded by the gateway for access tokens that are good for minutes."""

import re
from datetime import datetime, timedelta
from uuid import UUID

import uuid_utils.compat as uuids

from chassis.database.engine import Database
from chassis.errors import Conflict, NotFound, Unauthenticated
from chassis.process.clock import Clock, is_due
from contracts.identity import Claims, Scope
from services.auth import users
from services.auth.accounts.password_verification import Proving
from services.auth.api_tokens import repository
from services.auth.api_tokens.schemas import ApiToken, ApiTokenList, Exchanged, NewApiToken, TokenIn
from services.auth.current_user import Presence
from services.auth.identity_journal import IdentityJournal
from services.auth.random_tokens import hash_of, new_secret
from services.auth.sessions.access_tokens import AccessTokens
from services.auth.settings import ACCESS_LIFE
from services.auth.tables import ApiTokenRow

MARK = "outlay_pat_"
"""How every token begins: whoever finds one lying about, a scanner say, knows what it is."""

SHOWN = len(MARK) + 5
"""Characters that stay readable; the 38 hidden ones are still 228 bits."""

MOST_TOKENS = 50

USE_NOTED_EVERY = timedelta(minutes=1)
"""The time of the last use is for people: a program that asks all day writes a row a minute."""

_FORM = re.compile(MARK + r"[A-Za-z0-9_-]{43}", re.ASCII)


class ApiTokens:
    """The use cases."""

    def __init__(
        self,
        database: Database,
        journal: IdentityJournal,
        presence: Presence,
        proving: Proving,
        access: AccessTokens,
        clock: Clock,
    ) -> None:
        self._database = database
        self._journal = journal
        self._presence = presence
        self._proving = proving
        self._access = access
        self._clock = clock

    def create(self, claims: Claims, sent: TokenIn) -> NewApiToken:
        """Raises WrongPassword, TooManyRequests, and Conflict where there are as many as an account may have."""
        proof = self._proving.of_person(claims, sent.password, "/password")
        token, now = MARK + new_secret(), self._clock()
        row = ApiTokenRow(
            id=uuids.uuid7(),
            account=claims.sub,
            name=sent.name,
            token_hash=hash_of(token),
            prefix=token[:SHOWN],
            scope=" ".join(sent.scopes),
            created_at=now,
            expires_at=now + timedelta(days=sent.expires_in_days) if sent.expires_in_days else None,
        )
        # The journal's lock keeps two requests at once from both taking the last place.
        with self._journal.noting("create_token", claims.sub) as noting:
            self._presence.of(noting.session, claims)
            self._proving.settle(noting.session, proof)
            if len(repository.of_account(noting.session, claims.sub)) >= MOST_TOKENS:
                raise Conflict(f"You have {MOST_TOKENS} tokens already. Revoke one that is not used any more.")
            repository.add(noting.session, row)
        return NewApiToken(**_shown(row).model_dump(), token=token)

    def tokens(self, claims: Claims) -> ApiTokenList:
        """All of a person's, newest first."""
        with self._database.snapshot() as session:
            self._presence.of(session, claims)
            return ApiTokenList(items=[_shown(row) for row in repository.of_account(session, claims.sub)])

    def revoke(self, claims: Claims, id_: UUID) -> None:
        """Raises NotFound for another person's token."""
        with self._journal.noting("revoke_token", claims.sub) as noting:
            self._presence.of(noting.session, claims)
            if not repository.delete(noting.session, claims.sub, id_):
                raise NotFound
            noting.session_ended(id_, claims.sub)

    def exchange(self, text: str) -> Exchanged:
        """An access token with the scopes of an API token. Raises Unauthenticated, whatever is wrong with it."""
        row, now = self._presented(text), self._clock()
        if row is None or row.is_over(now):
            raise Unauthenticated
        with self._database.snapshot() as session:
            person = users.find_person(session, row.account)
        if person is None:
            raise Unauthenticated
        if is_due(row.used_at, now, USE_NOTED_EVERY):
            with self._database.write() as session:
                repository.note_use(session, row.id, now)
        issued = self._access.issue(person, row.id, map(Scope, row.scope.split()), _left(row, now))
        return Exchanged(access_token=issued.token, expires_in=issued.expires_in)

    def _presented(self, text: str) -> ApiTokenRow | None:
        if _FORM.fullmatch(text) is None:
            return None
        with self._database.snapshot() as session:
            return repository.by_hash(session, hash_of(text))


def _left(row: ApiTokenRow, now: datetime) -> timedelta:
    # A second at least: it has not expired, and a token that lives for none would be an error to whoever gets it.
    return max(row.expires_at - now, timedelta(seconds=1)) if row.expires_at else ACCESS_LIFE


def _shown(row: ApiTokenRow) -> ApiToken:
    told = ("id", "name", "prefix", "created_at", "expires_at", "used_at")
    return ApiToken.model_validate({name: getattr(row, name) for name in told} | {"scopes": row.scope.split()})
