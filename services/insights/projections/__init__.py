"""Totals and payments derived from the journal, and their audit."""
