"""Responses with a revision and an ETag, and the request headers for them."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import Depends, Request, Response

from chassis.errors import BadRequest, FieldError
from contracts.headers import IDEMPOTENCY_KEY, MIN_REVISION, REVISION
from contracts.response_cache import etag_of

MAX_KEY_LENGTH = 100


def respond(
    request: Request,
    body: bytes,
    revision: int,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Returns JSON with its ETag and revision; 304 if the client of a GET already has it."""
    etag = etag_of(body)
    all_headers = {REVISION: str(revision), "ETag": etag, **(headers or {})}
    if request.method == "GET" and etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=all_headers)
    return Response(body, status_code=status, headers=all_headers, media_type="application/json")


def revision_header(request: Request, name: str) -> int | None:
    """Returns the revision in a header; None if it is absent. Raises BadRequest."""
    text = request.headers.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 18):  # noqa: PLR2004 - fits 64 bits
        msg = f"{name} takes a revision, in digits."
        raise BadRequest(msg, errors=[FieldError(pointer=name, detail="digits only")])
    return int(text)


def _key(request: Request) -> str | None:
    key = request.headers.get(IDEMPOTENCY_KEY)
    if key is not None and not (0 < len(key) <= MAX_KEY_LENGTH and key.isascii() and key.isprintable()):
        msg = f"{IDEMPOTENCY_KEY} takes 1 to {MAX_KEY_LENGTH} printable ASCII characters."
        raise BadRequest(msg, errors=[FieldError(pointer=IDEMPOTENCY_KEY, detail="not a usable key")])
    return key


def _min_revision(request: Request) -> int:
    return revision_header(request, MIN_REVISION) or 0


MinRevision = Annotated[int, Depends(_min_revision)]
"""The oldest revision that the client accepts."""
IdempotencyKey = Annotated[str | None, Depends(_key)]
"""The client's key for this request."""
