"""The embedded stack: everything Outlay needs, on one machine that has Python and nothing else.

`setup` makes the machine ready, `python -m deploy.local` runs the stack. Only the standard library is
imported here: set-up runs before anything is installed.
"""
