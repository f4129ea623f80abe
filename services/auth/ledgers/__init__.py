"""Ledgers, their members, and the roles of members."""
