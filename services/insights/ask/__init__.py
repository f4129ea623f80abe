"""Questions about spending: parsed by a grammar or by a model, answered by our own queries."""
