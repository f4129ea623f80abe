"""Problems that only auth raises."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from uuid import UUID

from chassis.errors import Conflict, FieldError, Forbidden, Invalid, Problem, Unauthenticated
from contracts.identity import MAX_LEDGERS
from contracts.ids import UserId


class EmailTaken(Problem):
    """An account with this email address exists.

    This reveals that the account exists. Hiding it would need an email to the address, and most installations have
    no mail server. The login throttle makes trying many addresses slow.
    """

    slug = "email-taken"
    status = HTTPStatus.CONFLICT
    title = "There is an account already"

    def __init__(self) -> None:
        super().__init__(
            "There is an account with this email address already. You can sign in with it.",
            errors=[FieldError(pointer="/email", detail="there is an account with this address already")],
        )


class WrongCredentials(Unauthenticated):
    """Unknown account or wrong password: the response is the same."""

    slug = "wrong-credentials"
    title = "That did not match"

    def __init__(self) -> None:
        super().__init__("Email address and password do not belong together.")


class WrongPassword(Invalid):
    """A signed-in user gave a wrong password."""

    slug = "wrong-password"
    title = "That did not match"

    def __init__(self, pointer: str) -> None:
        super().__init__(
            "That is not your password.", errors=[FieldError(pointer=pointer, detail="that is not your password")]
        )


class LinkExpired(Invalid):
    """The link is unknown, used or expired."""

    slug = "link-over"
    title = "This link is over"

    def __init__(self) -> None:
        super().__init__(
            "This link has been used, or is too old. Please ask for a new one.",
            errors=[FieldError(pointer="/token", detail="this link is over")],
        )


class InvitationNeeded(Forbidden):
    """Registration needs an invitation, and the request has no valid one."""

    slug = "invitation-needed"
    title = "By invitation"

    def __init__(self) -> None:
        super().__init__(
            "You need an invitation to sign up. Each invitation link works once. Ask the person who runs this Outlay."
        )


class EmailUnverified(Forbidden):
    """The request needs a verified email address, and the account's is not verified."""

    slug = "email-unverified"
    title = "Please confirm your address"

    def __init__(self) -> None:
        super().__init__("This is for the owner of your email address. Open the link in the mail we sent there first.")


class MailNotConfigured(Conflict):
    """No mail server is configured, so no email can be sent."""

    slug = "no-mail"
    title = "No mail is sent from here"

    def __init__(self) -> None:
        super().__init__("This Outlay sends no mail. The person who runs it can create a link for you.")


class SessionExpired(Unauthenticated):
    """The refresh token is missing, unknown, expired or already used."""

    slug = "session-over"

    def __init__(self) -> None:
        super().__init__("This session is over. Please sign in again.")


class TokenReused(SessionExpired):
    """The refresh token was used before, so two parties hold it and the session ends. Reported as SessionExpired."""

    def __init__(self, family: UUID, account: UserId) -> None:
        super().__init__()
        self.family = family
        self.account = account


class TooManyLedgers(Conflict):
    """Another membership would not fit into an access token."""

    def __init__(self) -> None:
        super().__init__(f"An account can be in at most {MAX_LEDGERS} ledgers. Leave or delete one first.")


class OwnerRequired(Conflict):
    """A ledger would have members and no owner. `ledgers` lists these ledgers."""

    slug = "needs-an-owner"
    title = "A ledger needs an owner"

    def __init__(self, ledgers: Sequence[Mapping[str, str]]) -> None:
        names = ", ".join(ledger["name"] for ledger in ledgers)
        super().__init__(f"You are the only owner of: {names}. Hand over first, or remove the others.", ledgers=ledgers)


class WrongSecretKeyError(RuntimeError):
    """The keys in the database are encrypted under another OUTLAY_SECRET_KEY. Creating new ones would hide that."""

    def __init__(self) -> None:
        super().__init__("OUTLAY_SECRET_KEY is not the one under which the keys in this database were stored")
