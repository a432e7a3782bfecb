"""Whether a seat has the files that it was made with, judged before it opens any of them."""

from collections.abc import Iterator
from pathlib import Path

from renkei import reasons
from renkei.refusals import Refusal
from renkei.roles import ROLES, Key
from renkei_pki.credentials import Credentials
from renkei_server.config import SeatConfig
from renkei_server.process.machine import WorldClock
from renkei_server.roles.own_keys import OwnKeys


def require_files(config: SeatConfig) -> None:
    """Raise SEAT_INCOMPLETE, with the path, where a file or folder is gone."""
    for path in _needed(config):
        try:
            path.stat()
        except OSError as error:
            raise _lacking(path, error.strerror or "") from error


def require_complete(config: SeatConfig, keys: OwnKeys) -> None:
    """Raise SEAT_INCOMPLETE, with the path, where a file holds something else.

    Raises what the token raises, where it is not the one that keeps the seat's keys.
    """
    try:
        keys.sealer()
    except (OSError, ValueError) as error:
        raise _lacking(config.key, "it is no whole key") from error
    try:
        WorldClock(config.clock).now()
    except (ValueError, LookupError, TypeError, OverflowError) as error:
        raise _lacking(config.clock, "it tells no time of the world") from error
    for folder in _certificates(config):
        try:
            fit = Credentials.load(folder, keys.custody).fit
        except (OSError, ValueError) as error:
            raise _lacking(folder, "no certificate with its key") from error
        if not fit:
            raise _lacking(folder, "the key is another certificate's")


def _needed(config: SeatConfig) -> Iterator[Path]:
    yield config.folder
    yield config.clock
    yield config.key
    at = {
        Key.ROOT: config.root_key,
        Key.ANSWERS: config.answer_keys,
        Key.RECORDS: config.record_key,
        Key.PERMITS: config.permit_signing_key,
        Key.OPERATORS: config.operator_signing_key,
    }
    yield from (path for key, path in at.items() if key in ROLES[config.role].keys)
    for network in config.networks.values():
        yield from (network.authority / name for name in ("issuing.pem", "crl.pem"))
    for folder in _certificates(config):
        yield from (folder / name for name in ("chain.pem", "key.pem", "roots.pem"))


def _certificates(config: SeatConfig) -> Iterator[Path]:
    """The folder of each certificate: of what listens, and of what calls."""
    for network in config.networks.values():
        if network.calling is None or network.address:
            yield network.credentials
        if network.calling is not None:
            yield network.calling


def _lacking(path: Path, why: str) -> Refusal:
    return Refusal(reasons.SEAT_INCOMPLETE, f"{path}: {why}")
