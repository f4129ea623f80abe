"""Accounts, ledgers and the identity journal, shared by all capabilities of auth."""
