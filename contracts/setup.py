"""The set-up token, by which the first administrator shows to be who runs the installation."""

import base64
import hmac

SETUP_PREFIX = "setup="
"""How the fragment of a set-up link begins."""

_PURPOSE = b"outlay/setup-token"


def setup_token(secret_key: str) -> str:
    """The token of an installation: 43 characters that follow from its OUTLAY_SECRET_KEY, and tell nothing of it."""
    digest = hmac.digest(secret_key.encode(), _PURPOSE, "sha256")
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def setup_link(public_url: str, secret_key: str) -> str:
    """The sign-up URL whose user becomes the administrator. The part after the # stays in the browser."""
    return f"{public_url}/#{SETUP_PREFIX}{setup_token(secret_key)}"
