"""The limit of open file descriptors. The usual soft limit of 1,024 is below the possible number of clients."""

import resource

MAX_DESCRIPTORS = 65_536
"""Upper bound: some programs close every possible descriptor before they start another, which takes time."""


def raise_limit() -> int:
    """Raises the soft limit towards the hard one; returns the resulting limit."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    target = MAX_DESCRIPTORS if hard == resource.RLIM_INFINITY else min(hard, MAX_DESCRIPTORS)
    if soft != resource.RLIM_INFINITY and soft < target:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (target, hard))
        except (OSError, ValueError):  # macOS refuses more than a bound of its own
            return soft
        return target
    return MAX_DESCRIPTORS if soft == resource.RLIM_INFINITY else soft
