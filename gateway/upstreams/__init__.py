"""The services behind the gateway: connections, concurrency limits, circuit breakers."""
