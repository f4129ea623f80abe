"""File descriptors: a process gets as many as it may have. Usual soft limits of 1,024 are fewer than its clients."""

import resource

ENOUGH = 65_536
"""Some programs close every possible descriptor before they start another; a million of those takes them seconds."""


def raise_limit() -> int:
    """Raises the soft limit towards the hard one; the limit that now holds."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = ENOUGH if hard == resource.RLIM_INFINITY else min(hard, ENOUGH)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        except (OSError, ValueError):  # macOS refuses more than a bound of its own
            return soft
        return wanted
    return ENOUGH if soft == resource.RLIM_INFINITY else soft
