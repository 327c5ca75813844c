"""Dates as each language writes them: 21/11/2026 in Vietnamese, 21 Nov 2026 in English, 2026年11月21日 in Chinese.

Times come as ISO 8601 in UTC and are shown in the library's zone. What is no date gives the empty string, so that a
page says nothing instead of something wrong.
"""

from datetime import UTC, date, datetime, tzinfo

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def read_day(written: str, zone: tzinfo | None) -> date | None:
    """The day, in *zone*, of a date or time in ISO 8601. A time without an offset is UTC."""
    try:
        if len(written) <= 10:
            return date.fromisoformat(written)
        time = datetime.fromisoformat(written)
    except ValueError:
        return None
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(zone).date()


def format_day(day: date, language: str) -> str:
    """``21/11/2026``, ``21 Nov 2026`` or ``2026年11月21日``."""
    if language == "en":
        return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
    if language == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day:%d/%m/%Y}"


def format_time_as_day(written: str, language: str, zone: tzinfo) -> str:
    """The day of an ISO 8601 time in words, or the empty string."""
    day = read_day(written, zone)
    return format_day(day, language) if day else ""
