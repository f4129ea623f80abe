"""The one way to a language model: consent, budgets, time limits, what was sent, and what is wrong with a server."""
