"""Names of the HTTP headers that are ours."""

REVISION = "Outlay-Revision"
"""On answers: the revision that a write made, or that a read shows."""

ACTION = "Outlay-Action"
"""On answers to writes: the id by which the action can be undone."""

MIN_REVISION = "Outlay-Min-Revision"
"""On reads: answer at this revision or a newer one."""

WANTED_REVISION = "Outlay-Wanted-Revision"
"""Gateway to service only: the newest revision known or asked for; absent where the head is unknown."""

VIA = "Outlay-Via"
"""Gateway to service only: by which means the caller came, `web` or `api`."""

ADDRESS = "Outlay-Address"
"""Gateway to auth only: the network address from which the caller came."""

LOOPBACK = "Outlay-Loopback"
"""Gateway to auth only: `true` where only this machine reaches the gateway, and the request came from it."""

CLIENT = "Outlay-Client"
"""From browsers, with every unsafe request: no other site can set it without our leave (CSRF)."""

REQUEST_ID = "X-Request-Id"
IDEMPOTENCY_KEY = "Idempotency-Key"
IDEMPOTENT_REPLAYED = "Idempotent-Replayed"

PARKED_REVISION = "Outlay-Parked-Revision"
"""On reads: the ledger is set aside at this entry, and the figures stand at an older revision until it is mended."""
