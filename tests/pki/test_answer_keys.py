"""An organisation's answer keys in their files: several live, the newest is used."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from renkei import reasons
from renkei.sealed_answers import Suite
from renkei_pki.answer_keys import AnswerKey, AnswerKeys, retire
from renkei_pki.answer_sealing import open_answer

from .linkage_network import (
    ANSWER,
    BOTH,
    EXCHANGE,
    LIFETIME,
    NENKIN,
    NOW,
    ONE_EACH,
    Network,
    found,
    reason_of,
    sealed_to,
)


@pytest.fixture
def network(tmp_path: Path) -> Network:
    """One that a test may change."""
    return found(tmp_path)


@pytest.mark.parametrize("suite", ONE_EACH)
def test_the_newest_key_is_used_and_the_older_one_still_opens(
    network: Network, suite: Suite
) -> None:
    before = sealed_to(network.record(suites=(suite,)))

    made = AnswerKey.create(network.folder / "keys", suite, now=NOW + timedelta(seconds=1))
    turned = AnswerKeys.load(network.folder / "keys", NENKIN)
    record = turned.record(2, (suite,), not_before=NOW, not_after=NOW + LIFETIME)
    after = sealed_to(record)

    assert after.key_id == made.public.key_id != before.key_id
    assert open_answer(before, turned, EXCHANGE) == open_answer(after, turned, EXCHANGE) == ANSWER


def test_a_retired_key_opens_nothing_any_more(network: Network) -> None:
    sealed = sealed_to(network.record())

    retire(network.folder / "keys", sealed.key_id)
    left = AnswerKeys.load(network.folder / "keys", NENKIN)

    assert len(left.keys) == 1
    assert reason_of(lambda: open_answer(sealed, left, EXCHANGE)) is reasons.ANSWER_KEY_UNKNOWN


@pytest.mark.parametrize("suite", ONE_EACH)
def test_a_key_is_its_owners_alone_and_never_shown(tmp_path: Path, suite: Suite) -> None:
    key = AnswerKey.create(tmp_path / "keys", suite, now=NOW)
    (path,) = (tmp_path / "keys").iterdir()
    secret = json.loads(path.read_bytes())["secret"]

    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert secret not in repr(key)
    assert secret not in repr(AnswerKeys(NENKIN, (key,)))
    assert AnswerKey.load(path).public == key.public


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{}",
        b'{"suite": "X25519", "made_at": "2026-11-23T12:00:00+00:00", "secret": "00"}',
        b'{"suite": "ROT13", "made_at": "2026-11-23T12:00:00+00:00", "secret": "00"}',
    ],
)
def test_a_damaged_file_is_no_key_and_its_content_is_not_told(
    network: Network, content: bytes
) -> None:
    (network.folder / "keys" / "damaged.key.json").write_bytes(content)

    with pytest.raises(ValueError, match=r"damaged\.key\.json holds no key"):
        AnswerKeys.load(network.folder / "keys", NENKIN)


def test_a_key_under_another_keys_name_is_not_taken(network: Network) -> None:
    first, second = (network.folder / "keys").iterdir()
    first.write_bytes(second.read_bytes())

    with pytest.raises(ValueError, match="holds another key"):
        AnswerKeys.load(network.folder / "keys", NENKIN)


def test_a_suite_without_a_key_cannot_be_published(network: Network) -> None:
    retire(network.folder / "keys", network.record().newest(Suite.MLKEM768_X25519).key_id)
    left = AnswerKeys.load(network.folder / "keys", NENKIN)

    assert reason_of(lambda: left.record(2, BOTH, not_before=NOW, not_after=NOW + LIFETIME)) is (
        reasons.PUBLISHED_KEYS_MALFORMED
    )
