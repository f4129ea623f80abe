"""Access tokens of users, and tokens between services."""
