"""What operators see and repair, behind the `outlay` command."""
