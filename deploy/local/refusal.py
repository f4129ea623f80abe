"""When Outlay cannot do what it was asked to: one plain sentence, and no traceback."""

import sys
from collections.abc import Callable


class RefusalError(Exception):
    """Its text is for the person at the terminal, and says what they can do."""


def plainly(work: Callable[[], object]) -> int:
    """The exit code of a command that does `work`."""
    try:
        work()
    except RefusalError as refusal:
        print(f"\n{refusal}\n", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0
