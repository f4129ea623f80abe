"""Links that are good once: chance in them, a hash of it with us (`random_tokens`)."""

RESET_PAGE = "/reset-password"
VERIFICATION_PAGE = "/verify-email"
INVITATION_PAGE = "/sign-up"
LEDGER_PAGE = "/invitation"


class OneTimeLinks:
    """Makes links to pages of the web app, at the address that the installation was told and no request can change."""

    def __init__(self, public_url: str) -> None:
        self._public_url = public_url

    def reset(self, token: str) -> str:
        """To the page that sets a new password."""
        return self._link(RESET_PAGE, token)

    def verification(self, token: str) -> str:
        """To the page that confirms an email address."""
        return self._link(VERIFICATION_PAGE, token)

    def invitation(self, token: str) -> str:
        """To the page that makes an account."""
        return self._link(INVITATION_PAGE, token)

    def ledger(self, token: str) -> str:
        """To the page that accepts an invitation into a ledger."""
        return self._link(LEDGER_PAGE, token)

    def _link(self, page: str, token: str) -> str:
        # After the # it stays in the browser: no log and no Referer ever has it.
        return f"{self._public_url}{page}#{token}"
