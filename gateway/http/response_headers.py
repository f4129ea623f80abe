"""The headers that every answer bears, encoded once."""

Pair = tuple[bytes, bytes]

POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "object-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
"""Content-Security-Policy: nothing inline, nothing from other hosts, no framing."""

_ALWAYS: list[Pair] = [
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    # Not `no-referrer`: with that, browsers send `Origin: null` where a form is posted.
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
]
_HTTPS: Pair = (b"strict-transport-security", b"max-age=31536000")

PAGE_HEADERS: list[Pair] = [
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
]
"""On what a browser may show as a page."""

API_HEADERS: list[Pair] = [
    (b"cache-control", b"private, no-cache"),
    (b"vary", b"Authorization, Cookie, Origin"),
]
"""On every answer of the API: kept for one person only, and not shown again unasked."""


def security(*, https: bool) -> list[Pair]:
    """The security headers of an instance that people reach over https, or not."""
    return [*_ALWAYS, _HTTPS] if https else _ALWAYS


def is_api_path(path: str) -> bool:
    """Whether responses to that path are private."""
    return path.startswith("/api/")
