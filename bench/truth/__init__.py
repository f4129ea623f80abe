"""Precision and recall of facts, on generated ledgers with planted scenarios.

`python -m bench.truth` (or `make truth`). The ledgers are made up by chance from a seed, believable rather than easy,
and things are planted in them. Rules were tuned on the seeds of TUNING, and are reported on those of REPORTING.
"""
