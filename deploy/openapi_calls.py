"""Adds to OpenAPI what the services' code does not express: each endpoint's headers and errors."""

from collections.abc import Iterator
from typing import Any

from contracts import headers as ours
from deploy.openapi_events import MEDIA_TYPE, event_schema

Json = dict[str, Any]

TAGS = {
    "Signing in": "Accounts, sessions, and tokens for programs.",
    "Sharing": "Ledgers that several people keep: who is in them, and as what.",
    "Expenses": "The book: what was paid, when, to whom and what for.",
    "Categories": "What for.",
    "Ledger": "Its settings, and the journal of all that happened to it.",
    "Figures": "Where the money goes. With explicit dates these are answered from the cache.",
    "Insights": "What is worth knowing about it, and live updates.",
}
_TAG_OF = {
    "/api/v1/auth": "Signing in",
    "/api/v1/erasures": "Signing in",
    "/.well-known/jwks.json": "Signing in",
    "/api/v1/ledgers": "Sharing",
    "/api/v1/invitations": "Sharing",
    "/api/v1/expenses": "Expenses",
    "/api/v1/categories": "Categories",
    "/api/v1/ledger": "Ledger",
    "/api/v1/journal": "Ledger",
    "/api/v1/export": "Ledger",
    "/api/v1/summary": "Figures",
    "/api/v1/trends": "Figures",
    "/api/v1/audit": "Figures",
    "/api/v1/insights": "Insights",
    "/api/v1/ask": "Insights",
    "/api/v1/live": "Insights",
}
_WITHOUT_SESSION = {
    *(f"/api/v1/auth/{name}" for name in ("register", "login", "logout", "options", "reset-request", "reset")),
    "/.well-known/jwks.json",
    "/api/v1/erasures/{receipt}",
}
_BY_REFRESH_COOKIE = "/api/v1/auth/refresh"
_SETS_COOKIES = {f"/api/v1/auth/{name}" for name in ("register", "login", "refresh", "logout", "erase")}
_CACHED = {"/api/v1/summary", "/api/v1/trends"}
_LIVE = "/api/v1/live"
_EXPORT = "/api/v1/export"
_PLAIN = (_LIVE, _EXPORT, "/api/v1/audit", "/api/v1/insights/settings", "/api/v1/insights/sent")
"""Reads of a ledger without a revision."""
_PEOPLE = (
    *(f"/api/v1/auth/{name}" for name in ("sessions", "invitations", "tokens", "export")),
    "/api/v1/ledgers",
)
"""Paths for which an API token may not be enough, even to read."""
_CLASHING = {
    *(f"/api/v1/auth/{name}" for name in ("register", "me", "reset-request", "verification", "tokens", "erase")),
    *("/api/v1/ledgers", "/api/v1/ledgers/{ledger_id}", "/api/v1/ledgers/{ledger_id}/members/{account}"),
    *("/api/v1/ledgers/{ledger_id}/invitations", "/api/v1/invitations/preview", "/api/v1/invitations/accept"),
    *("/api/v1/journal/{action_id}/undo", "/api/v1/insights/settings"),
}
_WRITTEN = ("/api/v1/expenses", "/api/v1/categories", "/api/v1/journal")

_DONE = {"200": "Done.", "201": "Made.", "202": "On its way.", "204": "Done; there is nothing to say."}


def describe(path: str, method: str, operation: Json) -> None:
    """Adds headers and errors to an operation."""
    name = operation["operationId"].partition("_api_v1_")[0].partition("__well_known")[0]
    operation["operationId"] = name
    operation["summary"] = name.replace("_", " ").capitalize()
    operation["tags"] = [next(tag for prefix, tag in _TAG_OF.items() if _is_below(path, prefix))]
    operation["security"] = list(_security(path))
    parameters = operation.get("parameters", []) + [
        _reference("parameters", one) for one in _headers_asked(path, method)
    ]
    if parameters:
        operation["parameters"] = parameters
    answers = operation["responses"]
    answers.pop("422", None)  # as FastAPI words it; ours are problem documents
    for status, answer in answers.items():
        if status in _DONE:
            answer["description"] = _DONE[status]
            answer["headers"] = {one: _reference("headers", one) for one in _headers_told(path, method, status)}
            if MEDIA_TYPE in answer.get("content", {}):
                answer["content"][MEDIA_TYPE] = {"schema": event_schema(path)}
    if _has_etag(path, method):
        answers["304"] = {"description": "It still has that ETag."}
    answers |= {one: _reference("responses", one) for one in sorted(set(_problems(path, method, operation)))}


def _reference(kind: str, name: str) -> Json:
    return {"$ref": f"#/components/{kind}/{name}"}


def _is_below(path: str, prefix: str) -> bool:
    return path == prefix or path.startswith(f"{prefix}/")


def _is_ledgers(path: str) -> bool:
    """Whether the path belongs to a ledger, so that requests and responses carry revisions."""
    return _TAG_OF[next(prefix for prefix in _TAG_OF if _is_below(path, prefix))] not in {"Signing in", "Sharing"}


def _has_etag(path: str, method: str) -> bool:
    return method == "get" and _is_ledgers(path) and not any(_is_below(path, one) for one in _PLAIN)


def _security(path: str) -> Iterator[Json]:
    if path in _WITHOUT_SESSION:
        return
    if path == _BY_REFRESH_COOKIE:
        yield {"refresh": []}
    else:
        yield {"bearer": []}
        yield {"cookie": []}


def _headers_asked(path: str, method: str) -> Iterator[str]:
    if _has_etag(path, method):
        yield from (ours.MIN_REVISION, "If-None-Match")
    if method != "get":
        yield ours.CLIENT
    if _is_below(path, "/api/v1/expenses"):
        if method == "post":
            yield ours.IDEMPOTENCY_KEY
        elif method != "get":
            yield "If-Match"


def _headers_told(path: str, method: str, status: str) -> Iterator[str]:
    yield from (ours.REQUEST_ID, "RateLimit", "RateLimit-Policy")
    if _has_etag(path, method):
        yield from (ours.REVISION, "ETag")
    if path == _EXPORT:
        yield ours.REVISION
    if path in _CACHED:
        yield "Cache-Status"
    if path in _SETS_COOKIES:
        yield "Set-Cookie"
    if method != "get" and any(_is_below(path, one) for one in _WRITTEN):
        yield from (ours.REVISION, ours.ACTION)
        if method == "post" and _is_below(path, "/api/v1/expenses"):
            yield ours.IDEMPOTENT_REPLAYED
        if status == "201":
            yield "Location"


def _problems(path: str, method: str, operation: Json) -> Iterator[str]:
    yield from ("400", "429", "503")
    if path not in _WITHOUT_SESSION or path == "/api/v1/auth/login":
        yield "401"
    if method != "get" or _is_ledgers(path) or any(_is_below(path, one) for one in _PEOPLE):
        yield "403"
    if _is_ledgers(path) or "{" in path or _is_below(path, "/api/v1/invitations"):
        yield "404"
    if path in _CLASHING and method != "get":
        yield "409"
    if "requestBody" in operation:
        yield from ("413", "415", "422")
    if {"If-Match", ours.MIN_REVISION} & set(_headers_asked(path, method)):
        yield "412"
