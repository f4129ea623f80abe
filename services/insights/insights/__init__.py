"""Insights: facts computed from payments, put into words by jobs."""
