"""The web app's files, and the API documentation."""
