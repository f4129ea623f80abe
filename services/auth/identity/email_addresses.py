"""Email addresses: validation, and the key by which they are compared."""

import unicodedata

import email_validator

# The documented way to accept special domains: on a home network, ada@nas.local is an ordinary address.
email_validator.SPECIAL_USE_DOMAIN_NAMES.clear()


def read_email(text: str) -> str:
    """Returns the address as it is stored. Makes no network request. Raises ValueError with a message for users."""
    try:
        return email_validator.validate_email(text.strip(), check_deliverability=False).normalized
    except email_validator.EmailNotValidError as error:
        raise ValueError("write an email address, such as ada@example.org") from error


def email_key(email: str) -> str:
    """Returns the key for comparisons: NFC and case-folded. Servers may distinguish Ada@ from ada@; people do not."""
    folded = unicodedata.normalize("NFC", email).casefold()
    return unicodedata.normalize("NFC", folded)
