"""Invitations into a ledger."""
