"""A session with one token: found by its label, opened with a PIN, lost where the token is taken away.

Rules:
- The PIN is read from its owner's file as it is needed, and is nowhere else: in no log line, error,
  setting or argument.
- A PIN that was refused is not tried again before its file says another: tokens lock.
- A session that failed once is over. Nothing is asked of the token any more until it is opened again.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, TypeVar

from renkei import reasons
from renkei.reasons import Reason
from renkei.refusals import Refusal
from renkei_pki.files import ONLY_OURS
from renkei_pki.tokens.module import module_at, pkcs11

T = TypeVar("T")

_REASONS: Final[Mapping[Reason, frozenset[str]]] = MappingProxyType(
    {
        reasons.TOKEN_PIN_REFUSED: frozenset(
            {
                "PinExpired",
                "PinIncorrect",
                "PinInvalid",
                "PinLenRange",
                "PinLocked",
                "UserPinNotInitialized",
            }
        ),
        reasons.TOKEN_UNFIT: frozenset(
            {
                "AttributeTypeInvalid",
                "AttributeValueInvalid",
                "DeviceMemory",
                "DomainParamsInvalid",
                "FunctionNotSupported",
                "MechanismInvalid",
                "MechanismParamInvalid",
                "SessionReadOnly",
                "TemplateInconsistent",
                "TokenWriteProtected",
            }
        ),
    }
)
"""What errors of the library mean, by name; any other is a token that is away or ill."""


@dataclass(frozen=True, slots=True)
class TokenPlace:
    """Where a token is: what the world file says of it."""

    module: Path
    """The PKCS#11 module of its maker."""
    label: str
    """What the token is called."""
    pin_file: Path
    """Holds the user's PIN on one line, for its owner's eyes only."""


class TokenSession:
    """The session of one user of a token in this process; whoever opened first closes last."""

    def __init__(self, place: TokenPlace, *, making: bool) -> None:
        """`making` says that keys are made and destroyed in it."""
        self._place = place
        self._making = making
        self._module = module_at(place.module)
        self._session: Any = None
        self._starts = 0
        self._refused = b""
        self.handles: dict[bytes, Any] = {}
        """What was found in the token in this session, for who looks for it again."""

    @property
    def is_open(self) -> bool:
        """Whether the token answered when it was last asked."""
        return self._session is not None

    def open(self) -> None:
        """Raise the reason why the token cannot be used: TOKEN_ABSENT, TOKEN_PIN_REFUSED and so on."""
        with self._module.turn() as library:
            self._starts = self._module.starts
            self.handles.clear()
            try:
                self._session = self._logged_in(_found(library, self._place.label))
            except pkcs11().PKCS11Error as error:
                raise _refusal(error, reasons.TOKEN_ABSENT) from None

    def open_anew(self) -> None:
        """The same for a token that was taken away: its module looks for it again."""
        with self._module.turn():
            self._module.start_anew()
            self.open()

    def use(self, work: Callable[[Any], T]) -> T:
        """Do something in the session. Raises KEY_STORE_LOCKED where the token does not answer.

        Where somebody else started the module anew, the session is opened again.
        """
        with self._module.turn():
            if self._session is None:
                raise Refusal(reasons.KEY_STORE_LOCKED)
            try:
                if self._starts != self._module.starts:
                    self._session = None
                    self.open()
                return work(self._session)
            except pkcs11().PKCS11Error as error:
                self.close()
                raise _refusal(error, reasons.KEY_STORE_LOCKED) from None

    def close(self) -> None:
        """Log out; a token that is gone has done so."""
        with self._module.turn():
            session, self._session = self._session, None
            self.handles.clear()
            if session is None or self._starts != self._module.starts:
                return
            self._module.logins[self._place.label] -= 1
            try:
                session.close()
            except pkcs11().PKCS11Error:
                return

    def _logged_in(self, token: Any) -> Any:
        logins, label = self._module.logins, self._place.label
        if logins[label]:
            session = token.open(rw=self._making)
        else:
            pin = self._pin()
            if token.flags & pkcs11().TokenFlag.USER_PIN_FINAL_TRY:
                raise Refusal(reasons.TOKEN_PIN_REFUSED, "one try is left, and it is not taken")
            try:
                session = token.open(rw=self._making, user_pin=pin)
            except pkcs11().PKCS11Error:
                self._refused = _digest(pin)
                raise
            self._refused = b""
        logins[label] += 1
        return session

    def _pin(self) -> str:
        path = self._place.pin_file
        try:
            mode, pin = path.stat().st_mode, path.read_text(encoding="utf-8").strip("\r\n")
        except (OSError, ValueError):
            raise Refusal(reasons.TOKEN_PIN_FILE_UNFIT, str(path)) from None
        if mode & ONLY_OURS or not pin:
            raise Refusal(reasons.TOKEN_PIN_FILE_UNFIT, str(path))
        if _digest(pin) == self._refused:
            raise Refusal(reasons.TOKEN_PIN_REFUSED)
        return pin


def _found(library: Any, label: str) -> Any:
    """The token of this label. Raises TOKEN_ABSENT where there is none, or more than one."""
    found = []
    for slot in library.get_slots(token_present=True):
        try:
            token = slot.get_token()
        except pkcs11().PKCS11Error:  # another's, and ill
            continue
        if token.label == label:
            found.append(token)
    if len(found) != 1:
        raise Refusal(reasons.TOKEN_ABSENT, f"{len(found)} are called {label}")
    return found[0]


def _refusal(error: Exception, otherwise: Reason) -> Refusal:
    """What an error of the library means; of its text nothing is told."""
    name = type(error).__name__
    for reason, names in _REASONS.items():
        if name in names:
            return Refusal(reason, name)
    return Refusal(otherwise, name)


def _digest(pin: str) -> bytes:
    return hashlib.sha256(pin.encode()).digest()
