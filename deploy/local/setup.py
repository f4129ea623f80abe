"""`python -m deploy.local.setup run|test|check|web <script>`: fetch and build what is missing, and only that.

Runs under any Python from 3.11 on, before anything is installed.
"""

import sys

from deploy.local import environment, web
from deploy.local.node import find_node
from deploy.local.redis_server import find_redis
from deploy.local.refusal import plainly
from deploy.local.workshop import alone


def prepare(purpose: str, *words: str) -> None:
    if purpose == "web":
        find_node().run_npm("run", *words, quiet=False)
        return
    with alone():
        environment.install(everything=purpose != "run")
        web.install()
        if purpose != "check":
            find_redis()
            web.build()


if __name__ == "__main__":
    sys.exit(plainly(lambda: prepare(*sys.argv[1:])))
