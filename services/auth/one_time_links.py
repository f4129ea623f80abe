"""Links that work once. They contain a random token, of which only the hash is stored (`random_tokens`)."""

RESET_PAGE = "/reset-password"
VERIFICATION_PAGE = "/verify-email"
INVITATION_PAGE = "/sign-up"
LEDGER_PAGE = "/invitation"


class OneTimeLinks:
    """Creates links to pages of the web app, under the configured public address, which no request can change."""

    def __init__(self, public_url: str) -> None:
        self._public_url = public_url

    def reset(self, token: str) -> str:
        """Returns a link to the page that sets a new password."""
        return self._link(RESET_PAGE, token)

    def verification(self, token: str) -> str:
        """Returns a link to the page that confirms an email address."""
        return self._link(VERIFICATION_PAGE, token)

    def invitation(self, token: str) -> str:
        """Returns a link to the page that creates an account."""
        return self._link(INVITATION_PAGE, token)

    def ledger(self, token: str) -> str:
        """Returns a link to the page that accepts an invitation into a ledger."""
        return self._link(LEDGER_PAGE, token)

    def _link(self, page: str, token: str) -> str:
        # The part after the # stays in the browser: it reaches no log and no Referer header.
        return f"{self._public_url}{page}#{token}"
