"""Access to a language model: consent, spending limits, time limits, the record of calls, and diagnostics."""
