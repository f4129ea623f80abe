"""Tables of auth."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from chassis.database.engine import ID_COLUMNS, UtcDateTime
from chassis.journal.tables import EntryColumns, LedgerColumns
from contracts.identity import Role
from contracts.ids import LedgerId, UserId


class Base(DeclarativeBase):
    """The tables of auth's own database."""

    type_annotation_map = ID_COLUMNS


class AccountRow(Base):
    """A user account."""

    __tablename__ = "accounts"

    id: Mapped[UserId] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(sa.Text)
    """As its owner writes it."""
    email_key: Mapped[str] = mapped_column(sa.Text, unique=True)
    """The key for comparisons."""
    email_verified: Mapped[bool] = mapped_column(default=False)
    """Whether the owner has opened a link sent to this address."""
    pending_email: Mapped[str | None] = mapped_column(sa.Text)
    """The address that replaces `email` once it is verified."""
    name: Mapped[str | None] = mapped_column(sa.String(100))
    password_hash: Mapped[str] = mapped_column(sa.Text)
    epoch: Mapped[int] = mapped_column(default=0)
    """Raised when the account's roles change. Tokens of an earlier epoch are stale."""
    admin: Mapped[bool] = mapped_column(default=False)
    """May invite people to this installation. Gives no access to other people's ledgers."""
    week_start: Mapped[str | None] = mapped_column(sa.String(10))
    """First day of the week; None means that of the personal ledger's locale."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class JournalRow(LedgerColumns, Base):
    """The head of the identity journal: one row."""

    __tablename__ = "identity"


class EntryRow(EntryColumns, Base):
    """The entries of the identity journal."""

    __tablename__ = "identity_journal"


class LedgerRow(Base):
    """A ledger. A personal ledger has the id of its account."""

    __tablename__ = "ledgers"

    id: Mapped[LedgerId] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(100))
    currency: Mapped[str] = mapped_column(sa.String(3))
    time_zone: Mapped[str] = mapped_column(sa.String(64))
    locale: Mapped[str] = mapped_column(sa.String(35))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class MemberRow(Base):
    """A member of a ledger, and their role."""

    __tablename__ = "members"

    ledger: Mapped[LedgerId] = mapped_column(sa.ForeignKey(LedgerRow.id), primary_key=True)
    account: Mapped[UserId] = mapped_column(sa.ForeignKey(AccountRow.id), primary_key=True, index=True)
    role: Mapped[Role] = mapped_column(sa.Enum(Role, native_enum=False, length=10, values_callable=list))


class LedgerInvitationRow(Base):
    """An invitation into a ledger. Stored until it expires, so that a second use is recognised."""

    __tablename__ = "ledger_invitations"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    ledger: Mapped[LedgerId] = mapped_column(sa.ForeignKey(LedgerRow.id), index=True)
    token_hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32), unique=True)
    role: Mapped[Role] = mapped_column(sa.Enum(Role, native_enum=False, length=10, values_callable=list))
    email: Mapped[str | None] = mapped_column(sa.Text)
    """The only address that may accept; None where the link is enough."""
    for_account: Mapped[UserId | None] = mapped_column(sa.ForeignKey(AccountRow.id))
    """The account that had this address when the invitation was made."""
    invited_by: Mapped[UserId] = mapped_column(sa.ForeignKey(AccountRow.id))
    accepted_by: Mapped[UserId | None] = mapped_column(sa.ForeignKey(AccountRow.id))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SessionRow(Base):
    """A session: one family of refresh tokens on one device. Deleted when it ends."""

    __tablename__ = "sessions"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account: Mapped[UserId] = mapped_column(sa.ForeignKey(AccountRow.id), index=True)
    first_hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    """Hash of the family's first token. The others are derived from it, see `refresh_tokens`."""
    generation: Mapped[int] = mapped_column(default=0)
    """Number of the current token of the family."""
    device: Mapped[str | None] = mapped_column(sa.String(200))
    address: Mapped[str | None] = mapped_column(sa.String(45))
    """IP address of the last use."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When the session was last opened or refreshed."""
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When the current token was last issued in exchange for its predecessor."""
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the current generation was first used: its refresh token presented, or its access token seen by a gateway.
    Until then the response that carried it may have been lost."""


class ApiTokenRow(Base):
    """A token that lets a program act for a user. Deleted when it is revoked."""

    __tablename__ = "api_tokens"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account: Mapped[UserId] = mapped_column(sa.ForeignKey(AccountRow.id), index=True)
    name: Mapped[str] = mapped_column(sa.String(100))
    token_hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32), unique=True)
    prefix: Mapped[str] = mapped_column(sa.String(20))
    """The first characters of the token, by which its owner recognises it."""
    scope: Mapped[str] = mapped_column(sa.String(60))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    def has_expired(self, now: datetime) -> bool:
        """Whether the token's lifetime has ended."""
        return self.expires_at is not None and self.expires_at <= now


class ErasureRow(Base):
    """The data that one service has to delete, or has deleted. It outlives the account, and contains no names."""

    __tablename__ = "erasures"

    receipt: Mapped[UUID] = mapped_column(primary_key=True)
    """Random: the receipt's id is enough to read it."""
    service: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    account: Mapped[UserId | None]
    ledgers: Mapped[list[str]] = mapped_column(sa.JSON)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    deleted: Mapped[dict[str, int] | None] = mapped_column(sa.JSON)
    """Number of deleted rows by table."""
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    copies_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the last copy made before an upgrade is deleted; until then it may contain erased data."""


class SigningKeyRow(Base):
    """A private key that signs access tokens, encrypted under OUTLAY_SECRET_KEY. Deleted after its last token."""

    __tablename__ = "signing_keys"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """1, 2, 3 …: if several instances create the next key at once, the first one stored is used."""
    kid: Mapped[str] = mapped_column(sa.String(43))
    sealed: Mapped[bytes]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    signs_from: Mapped[datetime] = mapped_column(UtcDateTime)
    """Later than the publication, so that every verifier has read the key by then."""


class LoginAttemptRow(Base):
    """Consecutive failed attempts of an account, session or network. Deleted a day after the last failure."""

    __tablename__ = "tries"

    key: Mapped[bytes] = mapped_column(sa.LargeBinary(32), primary_key=True)
    """A keyed hash of the subject, so that a copy of the table reveals neither accounts nor addresses."""
    failures: Mapped[int]
    tried_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    open_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When the next attempt is allowed."""


class PasswordResetRow(Base):
    """A link that sets a new password, once."""

    __tablename__ = "password_resets"

    token_hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32), primary_key=True)
    account: Mapped[UserId] = mapped_column(sa.ForeignKey(AccountRow.id), index=True)
    mailed: Mapped[bool] = mapped_column(default=False)
    """Whether it was emailed to the account's address, so that using it verifies the address."""
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class EmailVerificationRow(Base):
    """A link that verifies an email address."""

    __tablename__ = "email_verifications"

    token_hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32), primary_key=True)
    account: Mapped[UserId] = mapped_column(sa.ForeignKey(AccountRow.id), index=True)
    email: Mapped[str] = mapped_column(sa.Text)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class RegistrationInvitationRow(Base):
    """A link with which one person may register where registration is by invitation."""

    __tablename__ = "account_invitations"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32), unique=True)
    email: Mapped[str | None] = mapped_column(sa.Text)
    """The address to which it was sent, if any. Anyone with the link may use it."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
