"""Who is asking, and what they may do to which ledger."""

from enum import StrEnum
from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

ISSUER = "outlay-auth"
AUDIENCE = "outlay"
ACCESS_TYPE = "at+jwt"
SERVICE_TYPE = "svc+jwt"
SIGNATURE = "ES256"
MOST_LEDGERS = 32


class Role(StrEnum):
    """What a person is to a ledger."""

    OWNER = "owner"
    EDITOR = "editor"
    VIEWER = "viewer"


class Scope(StrEnum):
    """What a token is good for."""

    READ = "read"
    WRITE = "write"
    IMPORT = "import"
    """Adds to a book and changes nothing that is in it: for whatever brings in what the bank says."""
    ACCOUNT = "account"
    """Whatever is about the person and not about a book: the password, members, tokens. Sessions alone have it."""


class Deed(StrEnum):
    """What may be done to a ledger."""

    READ = "read"
    ADD = "add"
    """Something new, and nothing that is there touched."""
    WRITE = "write"
    MANAGE = "manage"
    """Its name, its members, its end."""


_ROLES: dict[Deed, frozenset[Role]] = {
    Deed.READ: frozenset(Role),
    Deed.ADD: frozenset({Role.OWNER, Role.EDITOR}),
    Deed.WRITE: frozenset({Role.OWNER, Role.EDITOR}),
    Deed.MANAGE: frozenset({Role.OWNER}),
}
_SCOPES: dict[Deed, frozenset[Scope]] = {
    Deed.READ: frozenset({Scope.READ}),
    Deed.ADD: frozenset({Scope.WRITE, Scope.IMPORT}),
    Deed.WRITE: frozenset({Scope.WRITE}),
    Deed.MANAGE: frozenset({Scope.ACCOUNT}),
}


class Claims(BaseModel):
    """What an access token says. Times are seconds since 1970."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    sub: UUID
    sid: UUID
    scope: str
    epoch: int = Field(ge=0)
    ledgers: dict[UUID, Role] = Field(max_length=MOST_LEDGERS)
    gen: int | None = Field(default=None, ge=0)
    """Generation of the refresh token that was issued together with it; None where there is none, as of API tokens."""
    entry: UUID | None = None
    """The newest entry of the identity journal when this was signed: a journal that was put back may not have it."""
    iat: int
    exp: int

    @property
    def scopes(self) -> frozenset[str]:
        """The scopes, one by one."""
        return frozenset(self.scope.split())

    @property
    def personal_ledger(self) -> UUID:
        """Everybody's own ledger bears the id of the account."""
        return self.sub


def can(claims: Claims, deed: Deed, ledger: UUID) -> bool:
    """Whether the bearer may do that to this ledger; the one place where it is decided."""
    role = claims.ledgers.get(ledger)
    return role in _ROLES[deed] and not _SCOPES[deed].isdisjoint(claims.scopes)


class Caller(BaseModel):
    """A bearer and the ledger that the request is about."""

    model_config = ConfigDict(frozen=True)

    claims: Claims
    ledger: UUID

    @property
    def account(self) -> UUID:
        """Who did it, for the journal."""
        return self.claims.sub

    @classmethod
    def of(cls, claims: Claims, ledger: UUID | None) -> Self:
        """The ledger asked for, or the caller's own."""
        return cls(claims=claims, ledger=ledger or claims.personal_ledger)


class GenerationUse(BaseModel):
    """An access token of this generation has reached a gateway: the answer that carried it was not lost."""

    model_config = ConfigDict(frozen=True)

    session: UUID
    generation: int = Field(ge=0)
    age: float = Field(ge=0)
    """Seconds since the gateway saw it for the first time."""


class GenerationUses(BaseModel):
    """What a gateway reports to auth at once."""

    model_config = ConfigDict(frozen=True)

    uses: tuple[GenerationUse, ...] = Field(max_length=500)
