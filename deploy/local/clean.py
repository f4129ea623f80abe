"""`make clean`: removes what set-up fetched and built. Keeps data and secrets, wherever OUTLAY_HOME is."""

import shutil

from deploy.local.environment import VENV
from deploy.local.node import WEB
from deploy.local.workshop import WORKSHOP, alone, say

FETCHED = (
    VENV,
    WEB / "node_modules",
    WEB / "dist",
    *(WORKSHOP / name for name in ("done", "tools", "node", "redis", "site", "chromium", "autocannon")),
)

if __name__ == "__main__":
    with alone():
        for folder in FETCHED:
            shutil.rmtree(folder, ignore_errors=True)
    say("Removed what was fetched and built; `make run` brings it back. Data and secrets are untouched.")
