"""Limits on guessing passwords."""
