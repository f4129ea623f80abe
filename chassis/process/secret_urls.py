"""URLs that may hold a password: printed, logged or serialised, they show scheme and host alone."""

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Secret


class UrlWithSecrets(Secret[str]):
    """Shows where it leads and nothing else; `get_secret_value` has it whole."""

    def _display(self) -> str:
        return shown(self.get_secret_value())


def shown(url: str) -> str:
    """The URL without user, password, path, query and fragment; of SQLite, which knows no password, with its path."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return "…"
    if parts.scheme.partition("+")[0] == "sqlite":
        return f"{parts.scheme}://{parts.path}"
    return f"{parts.scheme}://{host}{f':{port}' if port else ''}" if parts.scheme and host else "…"


def revealed(url: UrlWithSecrets | str) -> str:
    """The whole URL, for the client that connects to it."""
    return url if isinstance(url, str) else url.get_secret_value()


def without_password(url: str) -> str:
    """The URL itself, if it has neither user nor password. Raises ValueError, which does not repeat it."""
    try:
        parts = urlsplit(url)
    except ValueError:
        raise ValueError(_UNREADABLE) from None
    if "@" in parts.netloc:
        raise ValueError("takes no user and no password: services know each other by their keys")
    return url


def _readable(url: UrlWithSecrets) -> UrlWithSecrets:
    try:
        urlsplit(url.get_secret_value()).port  # noqa: B018 - it is read only here
    except ValueError:
        # The parser's own words repeat what it could not read, which may be a part of the password.
        raise ValueError(_UNREADABLE) from None
    return url


_UNREADABLE = "is no URL; characters such as / # ? @ in a password are written %2F %23 %3F %40"

SecretUrl = Annotated[UrlWithSecrets, AfterValidator(_readable)]
"""A setting that is such an address."""
ServiceUrl = Annotated[str, AfterValidator(without_password)]
"""A setting that is the address of one of our services."""
