"""What a controller's requests have done, kept beside the databases: a restored database knows
nothing of the request that restored it.
"""

import fcntl
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from renkei import reasons
from renkei.refusals import Refusal

_REMEMBERED = 200
"""So many requests are remembered; a repeat that comes later than that is a new request."""


class Moves:
    """Requests that were done, by request id, in one file that several processes may share."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def once(self, request_id: str, what: str, deed: Callable[[], None]) -> None:
        """Do the deed unless this request did it before.

        The deed must bear being done again: the process may die before it is remembered.
        Raises REQUEST_ID_REUSED where the same request id came for something else.
        """
        with self._held() as done:
            if request_id not in done:
                deed()
                done[request_id] = what
            elif done[request_id] != what:
                raise Refusal(reasons.REQUEST_ID_REUSED, "", "request_id")

    @contextmanager
    def _held(self) -> Iterator[dict[str, str]]:
        """The requests that were done; nobody else reads or writes them meanwhile."""
        with self._path.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            done: dict[str, str] = json.loads(self._path.read_text()) if self._path.exists() else {}
            known = len(done)
            yield done
            if len(done) > known:
                written = self._path.with_suffix(".new")
                written.write_text(json.dumps(dict(list(done.items())[-_REMEMBERED:])))
                written.replace(self._path)
