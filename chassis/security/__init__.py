"""Tokens of users and services, and URLs that hold passwords."""
