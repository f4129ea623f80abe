"""Metrics of auth, besides those of every service."""

from prometheus_client import Counter

sign_ins = Counter("outlay_sign_ins", "Attempts to sign in, by outcome.", ["outcome"])
refreshes = Counter("outlay_refreshes", "Refresh tokens presented, by outcome.", ["outcome"])
emails = Counter("outlay_letters", "Emails, by outcome.", ["outcome"])
