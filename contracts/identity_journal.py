"""The journal of identity: what has become of sessions, accounts and roles since a token was signed.

A journal like the book's, one for all of an installation. Images hold ids and figures, never a name or an address.
"""

from collections.abc import Mapping
from uuid import UUID

from contracts.book import Image
from contracts.identity import Role

IDENTITY = UUID("00000000-0000-7000-8000-00000000000a")
"""What stands where the book's entries name a ledger."""

IDENTITY_STREAM = "outlay:identity"
"""Stream on which its entries are announced; every gateway reads all of it."""

SESSION = "session"
ACCOUNT = "account"
MEMBER = "member"


class SessionImage(Image):
    """A session, or an API token: what tokens name as `sid`. Gone once it has ended."""

    account: UUID


class AccountImage(Image):
    """A person. Tokens of an earlier epoch say something that is no longer so; gone once it is erased."""

    epoch: int


class MemberImage(Image):
    """What somebody is to a ledger; the pair's id is the membership's, made of both."""

    ledger: UUID
    account: UUID
    role: Role


IDENTITY_IMAGES: Mapping[str, type[Image]] = {SESSION: SessionImage, ACCOUNT: AccountImage, MEMBER: MemberImage}
"""What the pairs of an entry hold, by kind."""
