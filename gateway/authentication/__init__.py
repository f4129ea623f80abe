"""Sessions and API tokens, and whether they have been revoked."""
