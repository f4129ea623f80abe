"""Auth's schema, step by step."""

from pathlib import Path

FOLDER = Path(__file__).parent
