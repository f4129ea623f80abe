"""Headers of every response, encoded once."""

Pair = tuple[bytes, bytes]

POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "object-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
"""Content-Security-Policy: nothing inline, nothing from other hosts, no framing."""

_ALWAYS: list[Pair] = [
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    # Not `no-referrer`: with that, browsers send `Origin: null` with a posted form.
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
]
_HTTPS: Pair = (b"strict-transport-security", b"max-age=31536000")

PAGE_HEADERS: list[Pair] = [
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
]
"""On responses that a browser may show as a page."""

API_HEADERS: list[Pair] = [
    (b"cache-control", b"private, no-cache"),
    (b"vary", b"Authorization, Cookie, Origin"),
]
"""On every response of the API: private, and revalidated before reuse."""


def security(*, https: bool) -> list[Pair]:
    """Returns the security headers of an installation with or without https."""
    return [*_ALWAYS, _HTTPS] if https else _ALWAYS


def is_api_path(path: str) -> bool:
    """Whether responses to that path are private."""
    return path.startswith("/api/")
