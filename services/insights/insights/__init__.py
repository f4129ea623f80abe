"""Insights: facts computed from payments, worded by jobs."""
