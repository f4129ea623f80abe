"""Errors that clients get as RFC 9457 problem documents."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, ClassVar

from pydantic import BaseModel

MEDIA_TYPE = "application/problem+json"


class FieldError(BaseModel):
    """An error in one field; `pointer` is a JSON pointer into the body, or a parameter's name."""

    pointer: str
    detail: str


class Problem(Exception):  # noqa: N818 - RFC 9457's own word
    """An error for the client. The class is its type, the constructor writes its sentence."""

    slug: ClassVar[str]
    status: ClassVar[HTTPStatus]
    title: ClassVar[str]

    def __init__(
        self,
        detail: str,
        *,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
        **extra: Any,  # noqa: ANN401 - RFC 9457 extension members are free-form
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = tuple(errors)
        self.headers = dict(headers or {})
        self.extra = extra

    def document(self) -> dict[str, Any]:
        """Returns the problem document, byte for byte the same for the same problem."""
        document: dict[str, Any] = {
            "type": f"urn:outlay:problem:{self.slug}",
            "title": self.title,
            "status": int(self.status),
            "detail": self.detail,
        }
        if self.errors:
            document["errors"] = [error.model_dump() for error in self.errors]
        return document | self.extra


class BadRequest(Problem):
    """The request is malformed: its JSON, a parameter or a header."""

    slug = "bad-request"
    status = HTTPStatus.BAD_REQUEST
    title = "That request cannot be read"


class Invalid(Problem):
    """The request is well-formed but has invalid values."""

    slug = "invalid"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    title = "Some of that is not right"

    @classmethod
    def field(cls, pointer: str, detail: str) -> "Invalid":
        """Creates the problem for one field."""
        return cls(
            f"{pointer.lstrip('/') or 'The body'}: {detail}.",
            errors=[FieldError(pointer=pointer, detail=detail)],
        )


class Unauthenticated(Problem):
    """The client is not authenticated."""

    slug = "unauthenticated"
    status = HTTPStatus.UNAUTHORIZED
    title = "Please sign in"

    def __init__(self, detail: str = "This needs a valid sign-in.") -> None:
        super().__init__(detail, headers={"WWW-Authenticate": "Bearer"})


class Forbidden(Problem):
    """The caller is authenticated but lacks permission."""

    slug = "forbidden"
    status = HTTPStatus.FORBIDDEN
    title = "That is not allowed"


class NotFound(Problem):
    """The resource is unknown or belongs to another user; the response is the same."""

    slug = "not-found"
    status = HTTPStatus.NOT_FOUND
    title = "Not found"

    def __init__(self) -> None:
        super().__init__("There is nothing here by that name.")


class MethodNotAllowed(Problem):
    """The path exists but not the method."""

    slug = "method-not-allowed"
    status = HTTPStatus.METHOD_NOT_ALLOWED
    title = "That method is not known here"


class Conflict(Problem):
    """The request conflicts with the current state."""

    slug = "conflict"
    status = HTTPStatus.CONFLICT
    title = "That clashes with what is there"


class PreconditionFailed(Problem):
    """The resource has changed since the client read it (If-Match)."""

    slug = "changed-meanwhile"
    status = HTTPStatus.PRECONDITION_FAILED
    title = "It has changed meanwhile"


class UnknownRevision(Problem):
    """The requested revision is beyond the journal's head."""

    slug = "unknown-revision"
    status = HTTPStatus.PRECONDITION_FAILED
    title = "No such revision yet"


class TooLarge(Problem):
    """The body is larger than the route accepts."""

    slug = "too-large"
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    title = "That is too large"


class UnsupportedMediaType(Problem):
    """The content type of the body is not supported by the route."""

    slug = "unsupported-media-type"
    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    title = "That kind of content is not read here"


class TooManyRequests(Problem):
    """The client exceeds a rate limit. Carries Retry-After."""

    slug = "too-many-requests"
    status = HTTPStatus.TOO_MANY_REQUESTS
    title = "Too many requests"

    def __init__(self, retry_after: int) -> None:
        super().__init__(
            "That was a little too fast. Please wait a moment.",
            headers={"Retry-After": str(max(1, retry_after))},
        )


class Unavailable(Problem):
    """A component is unavailable or behind; a retry soon helps. Carries Retry-After."""

    slug = "unavailable"
    status = HTTPStatus.SERVICE_UNAVAILABLE
    title = "Not available just now"

    def __init__(self, detail: str = "Please try again in a moment.", *, retry_after: int = 1) -> None:
        super().__init__(detail, headers={"Retry-After": str(retry_after)})


class InsufficientStorage(Problem):
    """The disk is full. A retry helps once an operator has freed space."""

    slug = "insufficient-storage"
    status = HTTPStatus.INSUFFICIENT_STORAGE
    title = "There is no room left on the server"

    def __init__(self) -> None:
        super().__init__("The disk of the server is full; nothing was stored. Its operator has to make room.")


class InternalError(Problem):
    """An internal error. Reveals no details."""

    slug = "internal"
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    title = "Something went wrong on our side"

    def __init__(self) -> None:
        super().__init__("It has been noted in the log.")
