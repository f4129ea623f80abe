"""What every service is built on. Knows nothing of Outlay's domain beyond the journal."""
