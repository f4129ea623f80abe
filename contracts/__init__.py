"""The vocabulary: what crosses a wall between two processes. Imports nothing of ours."""
