#!/usr/bin/env python
"""Health check of a process without HTTP, `fresh METRIC SECONDS`: whether it has worked lately, not just runs."""

import os
import re
import sys
import time
import urllib.request

CLOCK_DIFFERENCE = 30.0
"""In seconds. A copy of the value in `chassis.process.clock`, checked by a test, since the image has only this file."""


def age(metrics: str, name: str, now: float) -> float:
    """Returns the seconds since the moment in a metric; infinite without a value."""
    moments = re.findall(rf"^{re.escape(name)}(?:{{.*}})? (\S+)$", metrics, re.MULTILINE)
    return now - max(map(float, moments), default=-float("inf"))


def is_fresh(seconds: float, limit: float) -> bool:
    """Whether the moment is within the limit. A later moment than clock differences allow counts as unknown."""
    return -CLOCK_DIFFERENCE <= seconds <= limit


def main() -> None:
    name, limit = sys.argv[1], float(sys.argv[2])
    address = f"http://localhost:{os.environ['METRICS_PORT']}/metrics"
    with urllib.request.urlopen(address, timeout=3) as answer:
        seconds = age(answer.read().decode(), name, time.time())
    if not is_fresh(seconds, limit):
        sys.exit(f"{name} is {seconds:.0f} s ago")


if __name__ == "__main__":
    main()
