"""Signing in, refreshing a session, signing out."""
