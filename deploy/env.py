"""Writes `.env` for `docker compose`, with secrets generated once for this machine (`make env`). Needs only Python.

Existing values stay, so running it again after an upgrade adds only new ones.
"""

import re
import secrets
from pathlib import Path

from deploy.private_file import write_private

FILE = Path(__file__).resolve().parent.parent / ".env"
PUBLIC_PORT = 8000

SECRETS = (
    "OUTLAY_SECRET_KEY",
    "KEY_EXPENSES_AUTH",
    "KEY_INSIGHTS_EXPENSES",
    "KEY_GATEWAY_AUTH",
    "KEY_AUTH_EXPENSES",
    "KEY_AUTH_INSIGHTS",
    "POSTGRES_PASSWORD",
    "AUTH_DATABASE_PASSWORD",
    "EXPENSES_DATABASE_PASSWORD",
    "INSIGHTS_DATABASE_PASSWORD",
    "REDIS_PASSWORD",
    "GRAFANA_PASSWORD",
)
"""Each has 256 bits in hexadecimal, which is safe in URLs, in JSON and in shells."""

HEADER = f"""\
# Settings of `docker compose`, and secrets of this machine: keep them, and share them with no one.
# The databases know their passwords from the first start on: to change one, change it there too.
PORT={PUBLIC_PORT}
# HOST=0.0.0.0 opens the gateway to the network; OUTLAY_PUBLIC_URL is then the address that people type.
HOST=127.0.0.1
OUTLAY_PUBLIC_URL=http://localhost:{PUBLIC_PORT}
# Requests for names other than that one, this machine's own and GATEWAY_ALLOWED_HOSTS are refused.
GATEWAY_HOST_CHECK=refuse
"""


def missing(text: str) -> list[str]:
    """Returns the secrets that are missing in a file with this text."""
    there = set(re.findall(r"^([A-Z_]+)=.+$", text, re.MULTILINE))
    return [name for name in SECRETS if name not in there]


def complete(file: Path) -> list[str]:
    """Writes the file, or adds missing secrets; returns the names of new ones."""
    text = file.read_text("utf-8") if file.exists() else HEADER
    new = missing(text)
    if new:
        lines = "".join(f"{name}={secrets.token_hex(32)}\n" for name in new)
        write_private(file, text.rstrip("\n") + "\n" + lines)
    return new


def main() -> None:
    new = complete(FILE)
    if new:
        print(
            f"Wrote {len(new)} new secrets to {FILE.name}. Next: docker compose up. The link for "
            "the administrator: docker compose run --rm auth outlay auth setup-token"
        )
    else:
        print(f"{FILE.name} has every secret already; nothing changed.")


if __name__ == "__main__":
    main()
