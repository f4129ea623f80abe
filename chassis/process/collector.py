"""Python's garbage collector, told that a service makes many objects and few circles."""

import gc

YOUNG = 50_000
"""Objects made before the youngest generation is looked at; Python's 700 costs half of the time of a large batch."""
MIDDLE, OLD = 20, 50


def relax() -> None:
    """Once everything is imported: what is there stays for ever, and what comes is looked at less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)
