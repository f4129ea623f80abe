"""Errors that a user can resolve: one plain sentence, and no traceback."""

import errno
import sys
from collections.abc import Callable

_ROOM = "Make room on that disk, then try again."
_RIGHTS = "Outlay has to write there; name another folder (OUTLAY_HOME=…), or see that it can be written to."
_ADVICE = {
    errno.ENOSPC: _ROOM,
    errno.EDQUOT: _ROOM,
    errno.EFBIG: _ROOM,
    errno.EROFS: _RIGHTS,
    errno.EACCES: _RIGHTS,
    errno.EPERM: _RIGHTS,
    errno.ENOTDIR: _RIGHTS,
    errno.EIO: "The disk does not work as it should.",
}
"""What a user can do about an unusable folder."""


class RefusalError(Exception):
    """Its text is for the user at the terminal, and says what they can do."""


def plainly(work: Callable[[], object]) -> int:
    """Runs `work`; returns the exit code of the command."""
    try:
        work()
    except RefusalError as refusal:
        print(f"\n{refusal}\n", file=sys.stderr)
        return 1
    except OSError as error:
        if error.errno not in _ADVICE:
            raise
        where = f"{error.filename}: " if error.filename else ""
        print(f"\n{where}{error.strerror}. {_ADVICE[error.errno]}\n", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0
