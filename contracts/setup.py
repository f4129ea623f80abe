"""The set-up token, by which the first administrator proves to run the installation."""

import base64
import hmac

SETUP_PREFIX = "setup="
"""How the fragment of a set-up link begins."""

_PURPOSE = b"outlay/setup-token"


def setup_token(secret_key: str) -> str:
    """Returns the token of an installation: 43 characters derived from OUTLAY_SECRET_KEY, which they do not reveal."""
    digest = hmac.digest(secret_key.encode(), _PURPOSE, "sha256")
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def setup_link(public_url: str, secret_key: str) -> str:
    """Returns the sign-up URL whose user becomes the administrator. The part after the # stays in the browser."""
    return f"{public_url}/#{SETUP_PREFIX}{setup_token(secret_key)}"
