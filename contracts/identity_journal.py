"""The identity journal: changes of sessions, accounts and roles, which signed tokens cannot show.

A journal like that of expenses, one per installation. Images hold ids and numbers, never a name or an email address.
"""

from collections.abc import Mapping
from uuid import UUID

from contracts.book import Image
from contracts.identity import Role
from contracts.ids import LedgerId, UserId

IDENTITY = LedgerId(UUID("00000000-0000-7000-8000-00000000000a"))
"""The ledger id of its entries."""

IDENTITY_STREAM = "outlay:identity"
"""The stream of its entries; every gateway reads all of it."""

SESSION = "session"
ACCOUNT = "account"
MEMBER = "member"


class SessionImage(Image):
    """A session or an API token: the `sid` of access tokens. Deleted when it ends."""

    account: UserId


class AccountImage(Image):
    """An account. Tokens of an earlier epoch are outdated. Deleted when the account is erased."""

    epoch: int


class MemberImage(Image):
    """A user's role in a ledger. The pair's id is derived from both."""

    ledger: LedgerId
    account: UserId
    role: Role


IDENTITY_IMAGES: Mapping[str, type[Image]] = {SESSION: SessionImage, ACCOUNT: AccountImage, MEMBER: MemberImage}
"""The images in the pairs of an entry, by kind."""
