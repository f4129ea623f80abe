"""Callers, their roles and scopes, and their permissions for a ledger."""

from enum import StrEnum
from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from contracts.ids import LedgerId, UserId

ISSUER = "outlay-auth"
AUDIENCE = "outlay"
ACCESS_TYPE = "at+jwt"
SERVICE_TYPE = "svc+jwt"
SIGNATURE = "ES256"
MAX_LEDGERS = 32


class Role(StrEnum):
    """A user's role in a ledger."""

    OWNER = "owner"
    EDITOR = "editor"
    VIEWER = "viewer"


class Scope(StrEnum):
    """A scope of a token."""

    READ = "read"
    WRITE = "write"
    IMPORT = "import"
    """Adds to a ledger without changing existing data: for programs that import bank statements."""
    ACCOUNT = "account"
    """Manages the account: password, members, tokens. Only sessions have it."""


class Permission(StrEnum):
    """A permission for a ledger."""

    READ = "read"
    ADD = "add"
    """Adding without changing existing data."""
    WRITE = "write"
    MANAGE = "manage"
    """Changing its name and members, and deleting it."""


_ROLES: dict[Permission, frozenset[Role]] = {
    Permission.READ: frozenset(Role),
    Permission.ADD: frozenset({Role.OWNER, Role.EDITOR}),
    Permission.WRITE: frozenset({Role.OWNER, Role.EDITOR}),
    Permission.MANAGE: frozenset({Role.OWNER}),
}
_SCOPES: dict[Permission, frozenset[Scope]] = {
    Permission.READ: frozenset({Scope.READ}),
    Permission.ADD: frozenset({Scope.WRITE, Scope.IMPORT}),
    Permission.WRITE: frozenset({Scope.WRITE}),
    Permission.MANAGE: frozenset({Scope.ACCOUNT}),
}


class Claims(BaseModel):
    """The claims of an access token. Times are seconds since 1970."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    sub: UserId
    sid: UUID
    scope: str
    epoch: int = Field(ge=0)
    ledgers: dict[LedgerId, Role] = Field(max_length=MAX_LEDGERS)
    gen: int | None = Field(default=None, ge=0)
    """Generation of the refresh token that was issued together with it; None without one, as for API tokens."""
    entry: UUID | None = None
    """The newest entry of the identity journal at signing: a journal restored from a backup may lack it."""
    iat: int
    exp: int

    @property
    def scopes(self) -> frozenset[str]:
        """The scopes as a set."""
        return frozenset(self.scope.split())

    @property
    def personal_ledger(self) -> LedgerId:
        """The user's own ledger, which has the id of the account."""
        return LedgerId(self.sub)


def can(claims: Claims, permission: Permission, ledger: LedgerId) -> bool:
    """Whether the bearer has the permission for the ledger. The only place where this is decided."""
    role = claims.ledgers.get(ledger)
    return role in _ROLES[permission] and not _SCOPES[permission].isdisjoint(claims.scopes)


class Caller(BaseModel):
    """A bearer and the ledger of the request."""

    model_config = ConfigDict(frozen=True)

    claims: Claims
    ledger: LedgerId

    @property
    def account(self) -> UserId:
        """The acting account, for the journal."""
        return self.claims.sub

    @classmethod
    def of(cls, claims: Claims, ledger: LedgerId | None) -> Self:
        """Creates a caller for the requested ledger, or the bearer's own."""
        return cls(claims=claims, ledger=ledger or claims.personal_ledger)


class GenerationUse(BaseModel):
    """An access token of this generation has reached a gateway, so the response with it was not lost."""

    model_config = ConfigDict(frozen=True)

    session: UUID
    generation: int = Field(ge=0)
    age: float = Field(ge=0)
    """Seconds since the gateway saw it for the first time."""


class GenerationUses(BaseModel):
    """One report of a gateway to auth."""

    model_config = ConfigDict(frozen=True)

    uses: tuple[GenerationUse, ...] = Field(max_length=500)
