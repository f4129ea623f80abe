"""URLs that may hold a password. Printed, logged or serialised, they show only scheme and host."""

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Secret


class SecretUrlValue(Secret[str]):
    """Displays the redacted URL; `get_secret_value` returns the whole one."""

    def _display(self) -> str:
        return redact(self.get_secret_value())


def redact(url: str) -> str:
    """Returns the URL without user, password, path, query and fragment; with its path for SQLite."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return "…"
    if parts.scheme.partition("+")[0] == "sqlite":
        return f"{parts.scheme}://{parts.path}"
    return f"{parts.scheme}://{host}{f':{port}' if port else ''}" if parts.scheme and host else "…"


def reveal(url: SecretUrlValue | str) -> str:
    """Returns the whole URL, for the client that connects to it."""
    return url if isinstance(url, str) else url.get_secret_value()


def without_password(url: str) -> str:
    """Returns the URL if it has neither user nor password. Raises ValueError, which does not repeat it."""
    try:
        parts = urlsplit(url)
    except ValueError:
        raise ValueError(_UNREADABLE) from None
    if "@" in parts.netloc:
        raise ValueError("takes no user and no password: services authenticate by their keys")
    return url


def _readable(url: SecretUrlValue) -> SecretUrlValue:
    try:
        urlsplit(url.get_secret_value()).port  # noqa: B018 - raises ValueError
    except ValueError:
        # The parser's message may repeat a part of the password.
        raise ValueError(_UNREADABLE) from None
    return url


_UNREADABLE = "is not a URL; characters such as / # ? @ in a password are written %2F %23 %3F %40"

SecretUrl = Annotated[SecretUrlValue, AfterValidator(_readable)]
"""A setting that is a URL with secrets."""
ServiceUrl = Annotated[str, AfterValidator(without_password)]
"""A setting that is the URL of one of our services."""
