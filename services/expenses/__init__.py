"""Expenses, categories and the journal of every ledger.

Owns: expenses, categories, ledgers' settings, the journal. Publishes: the journal, by stream and by feed.
Consumes: a new ledger's first settings, from auth. Never: computes totals, interprets, or knows who may sign in.
"""
