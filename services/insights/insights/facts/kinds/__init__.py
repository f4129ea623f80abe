"""One file for each kind of fact, named like it: its formula, its source, and the payments behind it."""
