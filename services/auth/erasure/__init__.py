"""Deletion of accounts and ledgers in every service, and the export of an account."""
