"""How any service runs. Holds no word of what Outlay is about beyond the journal it keeps."""
