"""The book.

Owns: expenses, categories, ledgers' settings, the journal. Publishes: the book's journal, by stream and by feed.
Consumes: a new ledger's first settings, from auth. Never: adds up, interprets, or knows who may sign in.
"""
