"""What is worth telling about payments: pure functions from a ledger's payments to facts, without a database."""
