"""Days as every rule with a date counts them: in Japan Standard Time, by the world's clock."""

from datetime import UTC, date, datetime, time, timedelta, timezone

JAPAN = timezone(timedelta(hours=9), "JST")


def day_in_japan(moment: datetime) -> date:
    """The day that it is in Japan at a moment."""
    return moment.astimezone(JAPAN).date()


def start_of(day: date) -> datetime:
    """The moment at which a day begins in Japan, in UTC."""
    return datetime.combine(day, time.min, JAPAN).astimezone(UTC)
