"""Deletion of accounts and ledgers in every service, and an account's export."""
