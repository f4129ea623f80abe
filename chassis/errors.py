"""The tree of errors, and the one place where they become RFC 9457 problem documents."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, ClassVar

from pydantic import BaseModel

MEDIA_TYPE = "application/problem+json"


class FieldError(BaseModel):
    """What is wrong with one field; `pointer` is a JSON pointer into the body, or a parameter's name."""

    pointer: str
    detail: str


class Problem(Exception):  # noqa: N818 - RFC 9457's own word
    """Something a caller can be told. The class is the kind, the constructor writes the sentence."""

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
        """The problem document; the same for the same problem, byte for byte."""
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
    """The request itself cannot be read: its JSON, a parameter, a header."""

    slug = "bad-request"
    status = HTTPStatus.BAD_REQUEST
    title = "That request cannot be read"


class Invalid(Problem):
    """The request can be read, but what it says cannot be done."""

    slug = "invalid"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    title = "Some of that is not right"

    @classmethod
    def field(cls, pointer: str, detail: str) -> "Invalid":
        """One field is to blame."""
        return cls(
            f"{pointer.lstrip('/') or 'The body'}: {detail}.",
            errors=[FieldError(pointer=pointer, detail=detail)],
        )


class Unauthenticated(Problem):
    """Nobody we know is asking."""

    slug = "unauthenticated"
    status = HTTPStatus.UNAUTHORIZED
    title = "Please sign in"

    def __init__(self, detail: str = "This needs a valid sign-in.") -> None:
        super().__init__(detail, headers={"WWW-Authenticate": "Bearer"})


class Forbidden(Problem):
    """Known, but not allowed to do that here."""

    slug = "forbidden"
    status = HTTPStatus.FORBIDDEN
    title = "That is not allowed"


class NotFound(Problem):
    """Unknown, or somebody else's: the answer is the same."""

    slug = "not-found"
    status = HTTPStatus.NOT_FOUND
    title = "Not found"

    def __init__(self) -> None:
        super().__init__("There is nothing here by that name.")


class MethodNotAllowed(Problem):
    """The path exists, the method does not."""

    slug = "method-not-allowed"
    status = HTTPStatus.METHOD_NOT_ALLOWED
    title = "That method is not known here"


class Conflict(Problem):
    """It clashes with what is there now."""

    slug = "conflict"
    status = HTTPStatus.CONFLICT
    title = "That clashes with what is there"


class PreconditionFailed(Problem):
    """It has changed since the caller last saw it (If-Match)."""

    slug = "changed-meanwhile"
    status = HTTPStatus.PRECONDITION_FAILED
    title = "It has changed meanwhile"


class UnknownRevision(Problem):
    """The caller asks for a revision that the journal has not reached."""

    slug = "unknown-revision"
    status = HTTPStatus.PRECONDITION_FAILED
    title = "No such revision yet"


class TooLarge(Problem):
    """The body is larger than this route takes."""

    slug = "too-large"
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    title = "That is too large"


class UnsupportedMediaType(Problem):
    """The body is not of a type that this route reads."""

    slug = "unsupported-media-type"
    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    title = "That kind of content is not read here"


class TooManyRequests(Problem):
    """Over a rate limit; carries Retry-After."""

    slug = "too-many-requests"
    status = HTTPStatus.TOO_MANY_REQUESTS
    title = "Too many requests"

    def __init__(self, retry_after: int) -> None:
        super().__init__(
            "That was a little too fast. Please wait a moment.",
            headers={"Retry-After": str(max(1, retry_after))},
        )


class Unavailable(Problem):
    """A part is down or behind; asking again soon helps. Carries Retry-After."""

    slug = "unavailable"
    status = HTTPStatus.SERVICE_UNAVAILABLE
    title = "Not available just now"

    def __init__(self, detail: str = "Please try again in a moment.", *, retry_after: int = 1) -> None:
        super().__init__(detail, headers={"Retry-After": str(retry_after)})


class InsufficientStorage(Problem):
    """The disk is full. Asking again helps once an operator has made room."""

    slug = "insufficient-storage"
    status = HTTPStatus.INSUFFICIENT_STORAGE
    title = "There is no room left on the server"

    def __init__(self) -> None:
        super().__init__("The disk of the server is full; nothing was stored. Its operator has to make room.")


class InternalError(Problem):
    """Our fault. Says nothing of the inside."""

    slug = "internal"
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    title = "Something went wrong on our side"

    def __init__(self) -> None:
        super().__init__("It has been noted in the log.")
