"""Errors of the gateway."""

from http import HTTPStatus

from chassis.errors import Problem, Unauthenticated, Unavailable


class RequestTimeout(Problem):
    """The body of the request did not arrive in time."""

    slug = "too-slow"
    status = HTTPStatus.REQUEST_TIMEOUT
    title = "That took too long to arrive"

    def __init__(self) -> None:
        super().__init__("The rest of the request did not arrive.", headers={"Connection": "close"})


class UnknownHost(Problem):
    """The `Host` of the request is not a name of this installation."""

    slug = "unknown-host"
    status = HTTPStatus.MISDIRECTED_REQUEST
    title = "This name is not known here"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"This Outlay is not known as {name!r}. If it should be, add the name to GATEWAY_ALLOWED_HOSTS, "
            "or set OUTLAY_PUBLIC_URL to the address that people type."
        )


class HeadTooLarge(Problem):
    """All header fields together are too long."""

    slug = "headers-too-large"
    status = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
    title = "Those headers are too large"

    def __init__(self, most: int) -> None:
        super().__init__(f"At most {most // 1024} KiB of headers.", headers={"Connection": "close"})


class TokenStale(Unauthenticated):
    """The token is outdated: its account has changed. A refresh gets a new one."""

    slug = "token-stale"
    title = "Please refresh your sign-in"

    def __init__(self) -> None:
        super().__init__("Something about this account has changed since that token was signed.")


class ServiceUnavailable(Unavailable):
    """A service cannot be reached, or does not respond in time."""

    def __init__(self, service: str, retry_after: int = 1) -> None:
        super().__init__(f"The service {service} is not available just now.", retry_after=retry_after)


class ServiceBusy(Unavailable):
    """Too many requests wait for a service."""

    def __init__(self, service: str, retry_after: int = 1) -> None:
        super().__init__(f"The service {service} has too many requests just now.", retry_after=retry_after)


class ClientLeftError(Exception):
    """The client has disconnected."""


class BrokenResponseError(Exception):
    """A service broke off a response that had begun, so the gateway's response is broken off, too."""
