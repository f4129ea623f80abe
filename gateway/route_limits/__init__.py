"""Request limits of single routes, and the weights of requests."""
