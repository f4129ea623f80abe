"""Users and their identity.

Owns: accounts, invitations, sessions, signing keys, API tokens, ledgers' names and members. Publishes: the public keys;
a ledger's settings; the journal of identity. Consumes: nothing. Never: sees an expense, or gives a private key, a
password or its hash to anyone.
"""
