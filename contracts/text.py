"""How text that people type is compared: two spellings of a merchant are one merchant, wherever it is asked."""

import unicodedata


def fold(text: str) -> str:
    """The text as it is compared: NFC, case-folded, single spaces."""
    return " ".join(unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold()).split())
