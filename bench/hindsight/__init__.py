"""Judges insights by what came later in ledgers that were made elsewhere. Shares no rule with the finders."""
