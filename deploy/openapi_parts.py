"""Parts of the API's description that many endpoints share: problem documents, headers, cookies."""

from typing import Any

from chassis.errors import MEDIA_TYPE, FieldError
from contracts import headers as ours
from contracts.cookies import session_cookies

Json = dict[str, Any]

DESCRIPTION = """\
Everything that the app does, it does through this API.

Money is a string such as "12.50" with a currency beside it, dates are ISO 8601, both ends of a period are included. \
Lists come as items with a next_cursor. Errors are problem documents (RFC 9457).

A write answers with Outlay-Revision. Send the highest one you have seen as Outlay-Min-Revision, and no answer will be \
older than that.

Programs send their access token as a bearer token. Browsers have it in a cookie; with every request that changes \
something they also send the header Outlay-Client."""

_HTTPS = session_cookies("https://outlay.example")


def _text(description: str, **schema: Any) -> Json:  # noqa: ANN401 - JSON schema keywords
    return {"description": description, "schema": {"type": "string", **schema}}


def _asked(name: str, description: str, **schema: Any) -> Json:  # noqa: ANN401 - as above
    return {"name": name, "in": "header", "required": False, **_text(description, **schema)}


def _problem(description: str, *headers: str) -> Json:
    response_headers = {name: {"$ref": f"#/components/headers/{name}"} for name in ("X-Request-Id", *headers)}
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": description, "headers": response_headers, "content": content}


PROBLEMS = {
    "400": "The request cannot be read: its JSON, a parameter, a header, its address.",
    "401": "The request is not authenticated.",
    "403": "Not allowed with this role or token, or the request came from another site's page.",
    "404": "The resource is unknown or belongs to another user; the response is the same.",
    "409": "It clashes with what is there.",
    "412": "It has changed since (If-Match), or there is no such revision yet (Outlay-Min-Revision).",
    "413": "The body is too large.",
    "415": "The body is not JSON.",
    "422": "The request can be read, but what it says cannot be done; `errors` names the fields.",
    "429": "Too many requests; Retry-After says when to come back.",
    "503": "A part is down or behind; asking again soon helps.",
}
_LATER = {"429", "503"}

COMPONENTS: dict[str, Json] = {
    "schemas": {
        "FieldError": FieldError.model_json_schema(),
        "Problem": {
            "type": "object",
            "description": "What went wrong, as RFC 9457 has it.",
            "required": ["type", "title", "status", "detail"],
            "properties": {
                "type": {"type": "string", "description": "The kind, for programs: urn:outlay:problem:…"},
                "title": {"type": "string", "description": "The kind, for people."},
                "status": {"type": "integer"},
                "detail": {"type": "string", "description": "This very case, in a sentence for people."},
                "errors": {"type": "array", "items": {"$ref": "#/components/schemas/FieldError"}},
            },
        },
    },
    "headers": {
        ours.REVISION: _text("The revision that a write made, or that a read shows.", pattern="^[0-9]+$"),
        ours.ACTION: _text("The id by which the action can be undone."),
        ours.REQUEST_ID: _text("Names this request in the logs."),
        ours.IDEMPOTENT_REPLAYED: _text("`true` where the request had been done before and this is its answer."),
        "ETag": _text("A hash of the answer, for If-None-Match and If-Match."),
        "Location": _text("The URL of the new resource.", format="uri-reference"),
        "Cache-Status": _text("`outlay; hit`, or `outlay; fwd=…` if the service was called (RFC 9211)."),
        "RateLimit": _text("What is left of the limits."),
        "RateLimit-Policy": _text("The limits."),
        "Retry-After": _text("Seconds to wait.", pattern="^[0-9]+$"),
        "Set-Cookie": _text("The session's cookies."),
    },
    "parameters": {
        ours.MIN_REVISION: _asked(
            ours.MIN_REVISION, "The response must be at this revision or a newer one.", pattern="^[0-9]{1,18}$"
        ),
        ours.IDEMPOTENCY_KEY: _asked(
            ours.IDEMPOTENCY_KEY, "Your name for this very request: sent twice, it is done once.", maxLength=100
        ),
        ours.CLIENT: _asked(ours.CLIENT, "Browsers send it with whatever changes something; any value."),
        "If-Match": _asked("If-Match", "Only if it still has this ETag."),
        "If-None-Match": _asked("If-None-Match", "Only if it has another ETag by now; else 304."),
    },
    "responses": {
        status: _problem(text, *(("Retry-After",) if status in _LATER else ())) for status, text in PROBLEMS.items()
    },
    "securitySchemes": {
        "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
        "cookie": {"type": "apiKey", "in": "cookie", "name": _HTTPS.access},
        "refresh": {"type": "apiKey", "in": "cookie", "name": _HTTPS.refresh},
    },
}
