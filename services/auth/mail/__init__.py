"""Emails: their text, and how they are sent."""
