"""What may be said of a fault of our own: its type and where it arose, never its text.

The text of an exception may quote a value that names a person.
"""

import traceback
from pathlib import Path


def describe(error: BaseException) -> dict[str, object]:
    """The fields of a log line for a fault."""
    frames = traceback.extract_tb(error.__traceback__)
    return {
        "fault": type(error).__name__,
        "where": [f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames[-6:]],
    }
