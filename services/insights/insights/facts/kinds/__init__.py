"""One module for each kind of fact, with its formula, its source and its evidence."""
