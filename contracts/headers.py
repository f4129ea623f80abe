"""Names of Outlay's own HTTP headers."""

REVISION = "Outlay-Revision"
"""On responses: the revision that a write created or a read shows."""

ACTION = "Outlay-Action"
"""On responses to writes: the id for undoing the action."""

MIN_REVISION = "Outlay-Min-Revision"
"""On reads: the response must be at this revision or a newer one."""

REQUIRED_REVISION = "Outlay-Wanted-Revision"
"""Gateway to service only: the newest revision known or requested; absent if the head is unknown."""

VIA = "Outlay-Via"
"""Gateway to service only: the client of the caller, `web` or `api`."""

ADDRESS = "Outlay-Address"
"""Gateway to auth only: the caller's IP address."""

LOOPBACK = "Outlay-Loopback"
"""Gateway to auth only: `true` if only this machine reaches the gateway and the request came from it."""

CLIENT = "Outlay-Client"
"""From browsers, with every unsafe request: other sites cannot set it without our CORS consent (CSRF)."""

REQUEST_ID = "X-Request-Id"
IDEMPOTENCY_KEY = "Idempotency-Key"
IDEMPOTENT_REPLAYED = "Idempotent-Replayed"

PARKED_REVISION = "Outlay-Parked-Revision"
"""On reads: the ledger is parked at this entry, and its figures stay at an older revision until that is fixed."""
