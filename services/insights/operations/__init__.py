"""What an operator sees and sets right, behind the `outlay` command."""
