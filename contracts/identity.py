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


class Deed(StrEnum):
    """What may be done to a ledger."""

    READ = "read"
    WRITE = "write"
    MANAGE = "manage"


_ROLES: dict[Deed, frozenset[Role]] = {
    Deed.READ: frozenset(Role),
    Deed.WRITE: frozenset({Role.OWNER, Role.EDITOR}),
    Deed.MANAGE: frozenset({Role.OWNER}),
}
_SCOPES: dict[Deed, Scope] = {Deed.READ: Scope.READ, Deed.WRITE: Scope.WRITE, Deed.MANAGE: Scope.WRITE}


class Claims(BaseModel):
    """What an access token says. Times are seconds since 1970."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    sub: UUID
    sid: UUID
    scope: str
    epoch: int = Field(ge=0)
    ledgers: dict[UUID, Role] = Field(max_length=MOST_LEDGERS)
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
    return role in _ROLES[deed] and _SCOPES[deed] in claims.scopes


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
