"""Request log, readiness, and warnings for operators."""
