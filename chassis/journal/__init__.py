"""The journal: written with every change, published to a stream, served as a feed."""
