"""The embedded stack: all of Outlay on one machine, with nothing but Python.

`setup` makes the machine ready, `python -m deploy.local` runs the stack. Only the standard library is
imported here: set-up runs before anything is installed.
"""
