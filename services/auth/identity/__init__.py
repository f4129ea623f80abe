"""Accounts, ledgers and the journal of identity, as every capability of auth sees them."""
