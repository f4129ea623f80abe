"""Ready responses, read from Redis without asking a service."""
