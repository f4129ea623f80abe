"""The clock, by the name under which auth's modules know it."""

from chassis.clock import Clock, utc_now

__all__ = ["Clock", "utc_now"]
