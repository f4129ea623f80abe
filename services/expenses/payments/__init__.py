"""Expenses: recording, correcting, removing and listing them."""
