"""Data and names shared by several processes: events, journal entries, tokens, headers, keys in Redis."""
