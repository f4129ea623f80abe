"""The services; each a flat folder with a database of its own. They never import each other."""
