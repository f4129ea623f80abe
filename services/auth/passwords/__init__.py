"""Passwords: their hashes, and verifying them with a limit on guesses."""
