"""Email addresses: which are accepted, and how they are compared."""

import unicodedata

import email_validator

# The documented way to accept them: on a home network, ada@nas.local is an address like any other.
email_validator.SPECIAL_USE_DOMAIN_NAMES.clear()


def read_email(text: str) -> str:
    """The address as it is kept. Raises ValueError with a sentence for people; nothing is looked up in the network."""
    try:
        return email_validator.validate_email(text.strip(), check_deliverability=False).normalized
    except email_validator.EmailNotValidError as error:
        raise ValueError("write an email address, such as ada@example.org") from error


def email_key(email: str) -> str:
    """The address as it is compared: NFC and case-folded. Servers may tell Ada@ from ada@; people do not."""
    folded = unicodedata.normalize("NFC", email).casefold()
    return unicodedata.normalize("NFC", folded)
