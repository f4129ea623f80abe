"""The web app of any service: errors, authorization, responses."""
