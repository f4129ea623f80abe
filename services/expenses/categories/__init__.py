"""Categories of payments."""
