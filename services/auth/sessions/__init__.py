"""Sessions, refresh tokens and access tokens."""
