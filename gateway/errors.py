"""What can go wrong at the door and nowhere else."""

from http import HTTPStatus

from chassis.errors import Problem, Unauthenticated, Unavailable


class RequestTimeout(Problem):
    """The body of the request did not come in time."""

    slug = "too-slow"
    status = HTTPStatus.REQUEST_TIMEOUT
    title = "That took too long to arrive"

    def __init__(self) -> None:
        super().__init__("The rest of the request did not come.", headers={"Connection": "close"})


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
    """The token says something of its account that is no longer so. A refresh brings one that is right."""

    slug = "token-stale"
    title = "Please refresh your sign-in"

    def __init__(self) -> None:
        super().__init__("Something about this account has changed since that token was signed.")


class ServiceUnavailable(Unavailable):
    """A service cannot be reached, or does not answer in time."""

    def __init__(self, service: str, retry_after: int = 1) -> None:
        super().__init__(f"The part called {service} does not answer just now.", retry_after=retry_after)


class ServiceBusy(Unavailable):
    """As many requests wait for a service as it is good to let wait."""

    def __init__(self, service: str, retry_after: int = 1) -> None:
        super().__init__(f"The part called {service} has too much to do just now.", retry_after=retry_after)


class ClientLeftError(Exception):
    """The client has disconnected."""


class BrokenResponseError(Exception):
    """A service broke off an answer that had already begun; ours can only be broken off, too."""
