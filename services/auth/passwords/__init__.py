"""Password hashes, and verification with a limit on guesses."""
