"""Keys that sign access tokens, encrypted in the database."""
