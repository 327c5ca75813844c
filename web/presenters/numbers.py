"""Numbers as each language writes them: 1.234 in Vietnamese, 1,234 in English and Chinese. Years are never grouped."""


def format_number(number: int, language: str) -> str:
    """``1234`` -> ``1.234`` (vi) or ``1,234`` (en, zh)."""
    grouped = f"{number:,}"
    return grouped.replace(",", ".") if language == "vi" else grouped
