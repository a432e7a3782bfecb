"""Being asked to stop by a signal, whenever it comes.

A handler of Python's runs between two steps of the program: one that takes a lock, as an event of
`threading` does, may meet it held by the very step that it broke off, and one that only notes
something comes too late for a wait that has just begun. So the signal itself writes a byte to a
pipe, which whoever waits reads.
"""

import os
import select
import signal


class Stop:
    """Notes SIGINT, SIGTERM and SIGHUP from now on; there is one of it in a process."""

    def __init__(self) -> None:
        self._asked, ask = os.pipe()  # no process that is started inherits them
        os.set_blocking(ask, False)
        signal.set_wakeup_fd(ask, warn_on_full_buffer=False)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, _noted)

    def wait(self, seconds: float) -> bool:
        """Wait at most so long; return whether it was asked to stop."""
        return bool(select.select([self._asked], [], [], seconds)[0])


def _noted(*_: object) -> None:
    """It is, by the byte."""
