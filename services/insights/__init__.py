"""Totals and insights, derived from the book's journal.

Owns: totals, slim payments, checkpoints, insight jobs, insights. Publishes: ready answers and heads, live notices.
Consumes: the book's journal, by stream and by feed. Never: queries the book, or shows a number that it cannot prove.
"""
