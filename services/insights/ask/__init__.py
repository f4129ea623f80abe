"""Questions about spending: read by a grammar or chosen by a model, answered by queries of our own."""
