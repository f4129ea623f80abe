"""Facts worth telling: pure functions from a ledger's payments, without a database."""
