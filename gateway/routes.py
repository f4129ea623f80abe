"""The table of forwarded paths. Other paths are not forwarded; `/internal` never is."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple
from urllib.parse import unquote_to_bytes


class Service(StrEnum):
    """The services behind the gateway."""

    AUTH = "auth"
    EXPENSES = "expenses"
    INSIGHTS = "insights"


class Limit(StrEnum):
    """The limit of a route; everything but health also counts against the caller's limit."""

    CALLER = "caller"
    SIGN_IN = "sign-in"
    REFRESH = "refresh"
    ASK = "ask"


class Pool(StrEnum):
    """The pool of concurrent requests that a route uses, so that slow kinds do not crowd out quick ones."""

    SHARED = "shared"
    LONG = "long"
    """Long responses: each route has its own pool, and holds a slot until the client has read the response."""
    ASK = "ask"
    LIVE = "live"


class Route(NamedTuple):
    """One row of the table: a prefix and every path below it."""

    prefix: str
    service: Service
    cacheable: bool = False
    """Whether responses may be cached."""
    needs_head: bool = False
    """Whether its service, which only reads, gets the ledger's head, so that it need not ask expenses."""
    live: bool = False
    """Whether it streams events until the client disconnects."""
    limit: Limit = Limit.CALLER
    pool: Pool = Pool.SHARED


ROUTES = (
    Route("/.well-known/jwks.json", Service.AUTH),
    Route("/api/v1/auth", Service.AUTH),
    Route("/api/v1/ledgers", Service.AUTH),
    Route("/api/v1/invitations", Service.AUTH),
    Route("/api/v1/erasures", Service.AUTH),
    Route("/api/v1/expenses", Service.EXPENSES),
    Route("/api/v1/categories", Service.EXPENSES),
    Route("/api/v1/journal", Service.EXPENSES, pool=Pool.LONG),
    Route("/api/v1/ledger", Service.EXPENSES),
    Route("/api/v1/export", Service.EXPENSES, pool=Pool.LONG),
    Route("/api/v1/summary", Service.INSIGHTS, cacheable=True),
    Route("/api/v1/trends", Service.INSIGHTS, cacheable=True),
    Route("/api/v1/audit", Service.INSIGHTS),
    Route("/api/v1/insights", Service.INSIGHTS, needs_head=True),
    Route("/api/v1/ask", Service.INSIGHTS, live=True, pool=Pool.ASK),
    Route("/api/v1/live", Service.INSIGHTS, live=True, pool=Pool.LIVE),
)

_GUESSABLE = (
    *(f"/api/v1/auth/{name}" for name in ("register", "login", "reset-request", "reset", "password")),
    *(f"/api/v1/auth/{name}" for name in ("erase", "tokens", "verification", "verify")),
    *(f"/api/v1/invitations/{name}" for name in ("preview", "accept")),
)
"""Paths at which a password or a link's token is tried, or an email is sent."""

REFRESH = "/api/v1/auth/refresh"
"""Renews a session. It accepts no password or link, so it is not under the sign-in limit."""

NAMED_ROUTES: Mapping[tuple[str, str], Route] = {
    **{("POST", path): Route(path, Service.AUTH, limit=Limit.SIGN_IN) for path in _GUESSABLE},
    ("POST", REFRESH): Route(REFRESH, Service.AUTH, limit=Limit.REFRESH),
    ("POST", "/api/v1/insights/refresh"): Route("/api/v1/insights/refresh", Service.INSIGHTS),
    ("POST", "/api/v1/insights/doctor"): Route(
        "/api/v1/insights/doctor", Service.INSIGHTS, live=True, limit=Limit.ASK, pool=Pool.ASK
    ),
    ("POST", "/api/v1/ask"): Route("/api/v1/ask", Service.INSIGHTS, live=True, limit=Limit.ASK, pool=Pool.ASK),
}
"""Routes that FastAPI carries, each under its own limit (gateway/route_limits/named_routes.py), before the proxy."""

WEIGHTS: Mapping[tuple[str, str], int] = {
    ("POST", "/api/v1/expenses/batch"): 5,
    ("GET", "/api/v1/journal"): 3,
    ("POST", "/api/v1/journal"): 5,
    ("GET", "/api/v1/export"): 20,
    ("GET", "/api/v1/auth/export"): 20,
    ("POST", "/api/v1/insights/refresh"): 5,
}
"""Weights of requests against the caller's limit, by method and by path or prefix; the default is 1."""
WEIGHED_ITEMS = 125
"""Page size, in items, that adds 1 to the weight of a request."""
_LIMIT = re.compile(rb"(?:^|&)limit=(\d{1,9})(?:&|$)")
_MAX_PAGE = 500
WEIGHED_BYTES = 4096
"""Body size, in bytes, that adds 1 to the weight of a request."""

SETS_COOKIES = frozenset(f"/api/v1/auth/{name}" for name in ("register", "login", "refresh", "logout", "erase"))
"""Paths whose responses set or clear cookies."""

READS_COOKIES = frozenset({"/api/v1/auth/refresh", "/api/v1/auth/logout"})
"""The only paths whose service gets the session cookies."""

OPEN_PATHS = SETS_COOKIES | {
    "/.well-known/jwks.json",
    "/api/v1/auth/options",
    "/api/v1/auth/reset-request",
    "/api/v1/auth/reset",
    "/api/v1/auth/verify",
    "/api/v1/invitations/preview",
}
"""Paths that need no valid token, so that an invalid one does not matter: browsers keep sending the cookie of an ended
session, and a user with a stale token has to be able to refresh it."""

HEALTH = frozenset({"/livez", "/readyz"})

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

_BY_PREFIX: Mapping[str, Route] = {route.prefix: route for route in ROUTES}
_DEPTH = 4
"""A prefix has at most three segments, after an empty one before the first slash."""

_PLAIN = rb"A-Za-z0-9\-_~!$&'()*+,;=:@"
_PLAIN_PATH = re.compile(rb"(?:/[%b][%b.]*)+" % (_PLAIN, _PLAIN))
"""Matches most paths quickly."""
_ENCODED = rb"%(?:2[023]|3[CEF]|5[BDE]|60|7[BCD]|[89A-F][0-9A-F])"
"""Bytes that have to be encoded, in their normal form: no control byte, slash, dot, backslash, per cent or letter."""
_NORMAL_PATH = re.compile(rb"/|(?:/(?!\.{1,2}(?:/|$))(?:[%b.]|%b)+)+/?" % (_PLAIN, _ENCODED))
_QUERY = re.compile(rb"[!-~]*")


def is_normal_form(raw_path: bytes, query: bytes) -> bool:
    """Whether the path is unambiguous. Others are refused, never normalised."""
    if _QUERY.fullmatch(query) is None:
        return False
    if _PLAIN_PATH.fullmatch(raw_path):
        return True
    return _NORMAL_PATH.fullmatch(raw_path) is not None and _is_utf8(unquote_to_bytes(raw_path))


def _is_utf8(text: bytes) -> bool:
    # UTF-8 has one encoding of each character; an overlong dot or slash is invalid.
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True


def weight_of(route: Route, method: str, path: str, query: bytes) -> int:
    """Returns the weight of a request, without its body."""
    weight = WEIGHTS.get((method, path)) or WEIGHTS.get((method, route.prefix), 1)
    limit = _LIMIT.search(query) if method == "GET" else None
    return weight + (min(int(limit[1]), _MAX_PAGE) // WEIGHED_ITEMS if limit else 0)


def find(path: str) -> Route | None:
    """Returns the route of a path in normal form; None if it is not forwarded."""
    if path.endswith("/"):
        return None
    return _BY_PREFIX.get("/".join(path.split("/", _DEPTH)[:_DEPTH]))
