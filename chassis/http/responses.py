"""Answers with a revision and an ETag, and the headers with which clients ask for them."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import Depends, Request, Response

from chassis.errors import BadRequest, FieldError
from contracts.headers import IDEMPOTENCY_KEY, MIN_REVISION, REVISION
from contracts.response_cache import etag_of

LONGEST_KEY = 100


def reply(
    request: Request,
    body: bytes,
    revision: int,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """JSON with its ETag and revision; 304 where a GET already has it."""
    etag = etag_of(body)
    all_headers = {REVISION: str(revision), "ETag": etag, **(headers or {})}
    if request.method == "GET" and etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=all_headers)
    return Response(body, status_code=status, headers=all_headers, media_type="application/json")


def revision_header(request: Request, name: str) -> int | None:
    """A revision in a header; None where it is absent. Raises BadRequest."""
    text = request.headers.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 18):  # noqa: PLR2004 - fits 64 bits
        msg = f"{name} takes a revision, in digits."
        raise BadRequest(msg, errors=[FieldError(pointer=name, detail="digits only")])
    return int(text)


def _key(request: Request) -> str | None:
    key = request.headers.get(IDEMPOTENCY_KEY)
    if key is not None and not (0 < len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()):
        msg = f"{IDEMPOTENCY_KEY} takes 1 to {LONGEST_KEY} printable ASCII characters."
        raise BadRequest(msg, errors=[FieldError(pointer=IDEMPOTENCY_KEY, detail="not a usable key")])
    return key


def _minimum(request: Request) -> int:
    return revision_header(request, MIN_REVISION) or 0


MinRevision = Annotated[int, Depends(_minimum)]
"""The oldest revision that the caller is content with."""
IdempotencyKey = Annotated[str | None, Depends(_key)]
"""The caller's name for this very request."""
