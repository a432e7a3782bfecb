"""Being asked to stop: noted whenever it comes, also while somebody begins to wait."""

import subprocess
import sys

_WAITING = """
import os, signal
from renkei_simulators.stopping import Stop
stop = Stop()
signal.signal(signal.SIGALRM, lambda *_: None)
for _ in range(20_000):  # at each step of the waiting, sooner or later
    signal.setitimer(signal.ITIMER_REAL, 0.00001)
    assert stop.wait(30.0)
    os.read(stop._asked, 1)
print("stopped each time")
"""


def test_a_signal_at_any_step_of_the_waiting_is_noted() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", _WAITING], capture_output=True, text=True, timeout=60, check=False
    )

    assert (ran.returncode, ran.stdout.strip()) == (0, "stopped each time"), ran.stderr
