"""Summaries and trends over a period."""
