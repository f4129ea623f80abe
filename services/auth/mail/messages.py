"""The emails of auth: plain text, few words, and no names."""

from collections.abc import Callable

from services.auth.mail.mailer import OutgoingEmail

EmailTemplate = Callable[[str], OutgoingEmail]
"""A letter, once it is known to whom."""

_NOT_YOU = (
    "If that was not you, set a new password, sign out everywhere else, and revoke tokens of programs that you do not "
    "know. The person who runs your Outlay can help."
)


def password_reset(to: str, link: str) -> OutgoingEmail:
    """The link that sets a new password."""
    text = (
        "A new password was requested for your Outlay account, probably by you.\n\n"
        f"This link sets one. It is good for one hour, and once:\n\n{link}\n\n"
        "If it was not you, there is nothing to do: your password stays as it is.\n"
    )
    return OutgoingEmail(to, "A new password for Outlay", text)


def verify_address(to: str, link: str) -> OutgoingEmail:
    """The link that confirms an address."""
    text = (
        "An Outlay account uses this email address. If it is yours, confirm it with this link within a week:\n\n"
        f"{link}\n\n"
        "If you did not ask for this, do nothing: without the confirmation the address does not count.\n"
    )
    return OutgoingEmail(to, "Confirm your address for Outlay", text)


def invitation(to: str, link: str) -> OutgoingEmail:
    """The link that makes an account."""
    text = f"You are invited to keep your book with Outlay. This link is good for a week, and once:\n\n{link}\n"
    return OutgoingEmail(to, "An invitation to Outlay", text)


def ledger_invitation(to: str, link: str) -> OutgoingEmail:
    """The link into a ledger that others keep."""
    text = f"You are invited to keep a ledger together in Outlay. This link is good for a week, and once:\n\n{link}\n"
    return OutgoingEmail(to, "An invitation to a ledger in Outlay", text)


def password_changed(to: str) -> OutgoingEmail:
    """Notifies the owner after the change."""
    text = f"The password of your Outlay account was changed, and other devices are signed out.\n\n{_NOT_YOU}\n"
    return OutgoingEmail(to, "Your Outlay password was changed", text)


def password_reset_done(to: str) -> OutgoingEmail:
    """Confirms that a link was used."""
    text = (
        "The password of your Outlay account was set by a link. Every device is signed out, programs have lost their "
        "tokens, and invitations that you had sent are withdrawn. If you share ledgers, look through their members.\n\n"
        f"{_NOT_YOU}\n"
    )
    return OutgoingEmail(to, "Your Outlay password was changed", text)


def address_changed(to: str) -> OutgoingEmail:
    """Told to the address before."""
    text = f"Your Outlay account has another email address now; this one no longer signs in.\n\n{_NOT_YOU}\n"
    return OutgoingEmail(to, "Your Outlay address was changed", text)
