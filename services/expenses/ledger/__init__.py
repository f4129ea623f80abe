"""The ledger as a whole: its journal, undo, export, erasure."""
