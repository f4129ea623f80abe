"""The schema, revision by revision."""

from pathlib import Path

FOLDER = Path(__file__).parent
