"""Adopting ledgers that auth has lost, on an operator's command."""
