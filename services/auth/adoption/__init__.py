"""Adoption of ledgers that auth has lost, by an operator."""
