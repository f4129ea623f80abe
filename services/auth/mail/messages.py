"""The emails of auth: short plain text without names."""

from collections.abc import Callable

from services.auth.mail.mailer import OutgoingEmail

EmailTemplate = Callable[[str], OutgoingEmail]
"""Writes an email for the given address."""

_NOT_YOU = (
    "If that was not you, set a new password, sign out everywhere else, and revoke tokens of programs that you do not "
    "know. The person who runs your Outlay can help."
)


def password_reset(to: str, link: str) -> OutgoingEmail:
    """Writes the email with a link that sets a new password."""
    text = (
        "A new password was requested for your Outlay account, probably by you.\n\n"
        f"This link sets one. It is valid for one hour, and works once:\n\n{link}\n\n"
        "If it was not you, there is nothing to do: your password stays as it is.\n"
    )
    return OutgoingEmail(to, "A new password for Outlay", text)


def verify_address(to: str, link: str) -> OutgoingEmail:
    """Writes the email with a link that confirms an address."""
    text = (
        "An Outlay account uses this email address. If it is yours, confirm it with this link within a week:\n\n"
        f"{link}\n\n"
        "If you did not request this, do nothing: an unconfirmed address is not used.\n"
    )
    return OutgoingEmail(to, "Confirm your address for Outlay", text)


def invitation(to: str, link: str) -> OutgoingEmail:
    """Writes the email with a link to register."""
    text = f"You are invited to use Outlay. This link is valid for a week, and works once:\n\n{link}\n"
    return OutgoingEmail(to, "An invitation to Outlay", text)


def ledger_invitation(to: str, link: str) -> OutgoingEmail:
    """Writes the email with a link into a shared ledger."""
    text = f"You are invited to share a ledger in Outlay. This link is valid for a week, and works once:\n\n{link}\n"
    return OutgoingEmail(to, "An invitation to a ledger in Outlay", text)


def password_changed(to: str) -> OutgoingEmail:
    """Notifies the owner that the password was changed."""
    text = f"The password of your Outlay account was changed, and other devices are signed out.\n\n{_NOT_YOU}\n"
    return OutgoingEmail(to, "Your Outlay password was changed", text)


def password_reset_done(to: str) -> OutgoingEmail:
    """Notifies the owner that the password was set by a link."""
    text = (
        "The password of your Outlay account was set by a link. Every device is signed out, programs have lost their "
        "tokens, and invitations that you had sent are withdrawn. If you share ledgers, look through their members.\n\n"
        f"{_NOT_YOU}\n"
    )
    return OutgoingEmail(to, "Your Outlay password was changed", text)


def address_changed(to: str) -> OutgoingEmail:
    """Notifies the previous address that it was replaced."""
    text = f"Your Outlay account has a new email address. You can no longer sign in with this one.\n\n{_NOT_YOU}\n"
    return OutgoingEmail(to, "Your Outlay address was changed", text)
