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
    """The tables of this service's own database."""

    type_annotation_map = ID_COLUMNS


class AccountRow(Base):
    """A person who may sign in."""

    __tablename__ = "accounts"

    id: Mapped[UserId] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(sa.Text)
    """As its owner writes it."""
    email_key: Mapped[str] = mapped_column(sa.Text, unique=True)
    """As it is compared."""
    email_verified: Mapped[bool] = mapped_column(default=False)
    """Whether its owner has shown, by a link, that mail to this address reaches them."""
    pending_email: Mapped[str | None] = mapped_column(sa.Text)
    """The address that takes the place of `email` once it is verified."""
    name: Mapped[str | None] = mapped_column(sa.String(100))
    password_hash: Mapped[str] = mapped_column(sa.Text)
    epoch: Mapped[int] = mapped_column(default=0)
    """Tokens of an earlier epoch say something about the person that is no longer so."""
    admin: Mapped[bool] = mapped_column(default=False)
    """May invite people to this installation. Gives no access to other people's ledgers."""
    week_start: Mapped[str | None] = mapped_column(sa.String(10))
    """Where weeks begin for this person; None is where they do in the place of the personal ledger."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class JournalRow(LedgerColumns, Base):
    """Where the journal of identity ends: one row."""

    __tablename__ = "identity"


class EntryRow(EntryColumns, Base):
    """The journal of identity."""

    __tablename__ = "identity_journal"


class LedgerRow(Base):
    """What one or more people keep together. A personal one bears the id of its account."""

    __tablename__ = "ledgers"

    id: Mapped[LedgerId] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(100))
    currency: Mapped[str] = mapped_column(sa.String(3))
    time_zone: Mapped[str] = mapped_column(sa.String(64))
    locale: Mapped[str] = mapped_column(sa.String(35))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class MemberRow(Base):
    """Who is what to a ledger."""

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
    """Whose account alone may accept; None where the link is enough."""
    for_account: Mapped[UserId | None] = mapped_column(sa.ForeignKey(AccountRow.id))
    """The account that had this address when the invitation was made."""
    invited_by: Mapped[UserId] = mapped_column(sa.ForeignKey(AccountRow.id))
    accepted_by: Mapped[UserId | None] = mapped_column(sa.ForeignKey(AccountRow.id))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SessionRow(Base):
    """A signed-in device: one family of refresh tokens. Deleted when it ends."""

    __tablename__ = "sessions"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account: Mapped[UserId] = mapped_column(sa.ForeignKey(AccountRow.id), index=True)
    first_hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    """Hash of the family's first token; the others follow from it, see `refresh_tokens`."""
    generation: Mapped[int] = mapped_column(default=0)
    """Which token of the family is the current one."""
    device: Mapped[str | None] = mapped_column(sa.String(200))
    address: Mapped[str | None] = mapped_column(sa.String(45))
    """From where it was last used."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When it was last refreshed, or opened."""
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When the current token was last handed out in exchange for its predecessor."""
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the current generation was first used: its refresh token presented, or its access token seen by a gateway.
    Until then the answer that carried it may have been lost."""


class ApiTokenRow(Base):
    """What a program of a person's may do in their name. Gone as soon as it is revoked."""

    __tablename__ = "api_tokens"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account: Mapped[UserId] = mapped_column(sa.ForeignKey(AccountRow.id), index=True)
    name: Mapped[str] = mapped_column(sa.String(100))
    token_hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32), unique=True)
    prefix: Mapped[str] = mapped_column(sa.String(20))
    """How the token begins, so that its owner can tell which one it is."""
    scope: Mapped[str] = mapped_column(sa.String(60))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    def has_expired(self, now: datetime) -> bool:
        """Whether it has expired."""
        return self.expires_at is not None and self.expires_at <= now


class ErasureRow(Base):
    """What one service has to delete, or has deleted. It outlives the account, and names no one."""

    __tablename__ = "erasures"

    receipt: Mapped[UUID] = mapped_column(primary_key=True)
    """Random: its knowledge is enough to read the receipt."""
    service: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    account: Mapped[UserId | None]
    ledgers: Mapped[list[str]] = mapped_column(sa.JSON)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    deleted: Mapped[dict[str, int] | None] = mapped_column(sa.JSON)
    """How many of what."""
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    copies_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the last copy from before an upgrade is deleted, which may hold what was erased."""


class SigningKeyRow(Base):
    """A private key that signs access tokens, sealed under OUTLAY_SECRET_KEY. Gone once its last token has died."""

    __tablename__ = "signing_keys"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """1, 2, 3 …: several instances that make the next key at once agree on the first one stored."""
    kid: Mapped[str] = mapped_column(sa.String(43))
    sealed: Mapped[bytes]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    signs_from: Mapped[datetime] = mapped_column(UtcDateTime)
    """Published before that, so that every verifier has it by then."""


class LoginAttemptRow(Base):
    """Wrong passwords in a row, by account or by address. Gone when a day has passed without any."""

    __tablename__ = "tries"

    key: Mapped[bytes] = mapped_column(sa.LargeBinary(32), primary_key=True)
    """A keyed hash of the subject: a copy of the table reveals neither accounts nor addresses."""
    failures: Mapped[int]
    tried_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    open_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When the next try is let in."""


class PasswordResetRow(Base):
    """A link that sets a new password, once."""

    __tablename__ = "password_resets"

    token_hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32), primary_key=True)
    account: Mapped[UserId] = mapped_column(sa.ForeignKey(AccountRow.id), index=True)
    mailed: Mapped[bool] = mapped_column(default=False)
    """Whether it was sent to the account's address, so that using it verifies the address."""
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class EmailVerificationRow(Base):
    """A link that shows that mail to an address reaches the account's owner."""

    __tablename__ = "email_verifications"

    token_hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32), primary_key=True)
    account: Mapped[UserId] = mapped_column(sa.ForeignKey(AccountRow.id), index=True)
    email: Mapped[str] = mapped_column(sa.Text)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class RegistrationInvitationRow(Base):
    """A link with which one person may register where not everybody may."""

    __tablename__ = "account_invitations"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32), unique=True)
    email: Mapped[str | None] = mapped_column(sa.Text)
    """The address it was sent to, if any; anyone with the link may use it."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
