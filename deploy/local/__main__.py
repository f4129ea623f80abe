"""`python -m deploy.local`: runs Outlay on this machine until Ctrl-C."""

import functools
import sys

from deploy.local.refusal import plainly
from deploy.local.stack import announce, run

if __name__ == "__main__":
    sys.exit(plainly(functools.partial(run, ".outlay", announce)))
