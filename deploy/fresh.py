#!/usr/bin/env python
"""Health of a process without a door, `fresh METRIC SECONDS`: did it do its work lately? Being alive is not enough."""

import os
import re
import sys
import time
import urllib.request

CLOCK_DIFFERENCE = 30.0
"""Seconds. The same as in `chassis.process.clock`, as a test checks: in an image this file stands alone."""


def age(metrics: str, name: str, now: float) -> float:
    """Seconds since the moment that a metric holds; endless where it holds none."""
    moments = re.findall(rf"^{re.escape(name)}(?:{{.*}})? (\S+)$", metrics, re.MULTILINE)
    return now - max(map(float, moments), default=-float("inf"))


def is_fresh(seconds: float, limit: float) -> bool:
    """A moment in the future, noted by a wrong clock, says nothing; clocks may differ a little."""
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
