"""What any process needs: settings, clock, logs, metrics, commands."""
