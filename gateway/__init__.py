"""The one door.

Owns: nothing that lasts. Publishes: the public API, its description, the web app's files. Consumes: auth's public
keys, insights' ready answers. Never: decides about money, keeps a password, or opens a database.
"""
