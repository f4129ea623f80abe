"""Deletes what was derived of erased ledgers."""
