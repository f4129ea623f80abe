"""Registration, profiles, passwords, email addresses."""
