"""The library of a token's maker, a PKCS#11 module: one a process, used by one thread at a time.

A module's state is its process's: it is loaded once, whoever logs in to a token of it has logged in
for all, and to start it anew ends every session. One of them (SoftHSM 2.6) ends the process where
two threads are inside it. So whoever calls it takes a turn. (measured)
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any

from renkei import reasons
from renkei.refusals import Refusal

if TYPE_CHECKING:
    from types import ModuleType


@cache
def module_at(path: Path) -> "Module":
    """The module of a file, the same for everybody in this process."""
    return Module(path)


def pkcs11() -> "ModuleType":
    """The package that speaks to modules. Raises TOKEN_PACKAGE_MISSING."""
    try:
        return import_module("pkcs11")
    except ModuleNotFoundError:
        raise Refusal(reasons.TOKEN_PACKAGE_MISSING) from None


class Module:
    """One module; `module_at` gives it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._turn = RLock()
        self._library: Any = None
        self.starts = 0
        """How often it was started anew: what was opened before that is gone."""
        self.logins: Counter[str] = Counter()
        """How many sessions have logged in to a token, by its label."""

    @contextmanager
    def turn(self) -> Iterator[Any]:
        """The library, for one at a time.

        Raises TOKEN_PACKAGE_MISSING, TOKEN_MODULE_MISSING or TOKEN_ABSENT.
        """
        with self._turn:
            if self._library is None:
                self._library = self._loaded()
            yield self._library

    def start_anew(self) -> None:
        """Let it look for its tokens again: some find none that was put in later, else."""
        with self.turn() as library:
            self.starts += 1
            self.logins.clear()
            try:
                library.reinitialize()
            except pkcs11().PKCS11Error as error:
                self._library = None  # the next turn tries it again
                raise Refusal(reasons.TOKEN_ABSENT, type(error).__name__) from None

    def _loaded(self) -> Any:
        package = pkcs11()
        try:
            return package.lib(str(self._path))
        except package.PKCS11Error as error:
            if type(error) is not package.PKCS11Error:  # it was loaded, and finds no device
                raise Refusal(reasons.TOKEN_ABSENT, type(error).__name__) from None
            raise Refusal(reasons.TOKEN_MODULE_MISSING, str(self._path)) from None
