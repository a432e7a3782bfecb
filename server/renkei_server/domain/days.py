"""Days as every rule with a date counts them: in Japan Standard Time, by the world's clock."""

from datetime import date, datetime, timedelta, timezone

JAPAN = timezone(timedelta(hours=9), "JST")


def day_in_japan(moment: datetime) -> date:
    """The day that it is in Japan at a moment."""
    return moment.astimezone(JAPAN).date()
