"""From facts to sentences: our own, or a model's that were checked. Numbers are filled in here, and nowhere else."""
