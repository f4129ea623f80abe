"""Migrations of auth's schema."""

from pathlib import Path

FOLDER = Path(__file__).parent
