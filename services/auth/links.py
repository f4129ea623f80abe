"""Links that are good once: chance in them, a hash of it with us."""

import hashlib
import secrets

RESET_PAGE = "/reset-password"
INVITATION_PAGE = "/sign-up"


def new_token() -> str:
    """256 bits of chance."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> bytes:
    """What to store of it. It is random, so nothing slow is needed."""
    return hashlib.sha256(token.encode()).digest()


class Links:
    """Makes links to pages of the web app, at the address that the installation was told and no request can change."""

    def __init__(self, public_url: str) -> None:
        self._public_url = public_url

    def reset(self, token: str) -> str:
        """To the page that sets a new password."""
        return self._link(RESET_PAGE, token)

    def invitation(self, token: str) -> str:
        """To the page that makes an account."""
        return self._link(INVITATION_PAGE, token)

    def _link(self, page: str, token: str) -> str:
        # After the # it stays in the browser: no log and no Referer ever has it.
        return f"{self._public_url}{page}#{token}"
