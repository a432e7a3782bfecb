"""A token keeps its keys: it wraps, signs, is taken away and comes back, and gives nothing out."""

import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256, SHA384
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from renkei import reasons
from renkei.reasons import Reason
from renkei.refusals import Refusal
from renkei_pki.custody import OPENLY, ByToken
from renkei_pki.signing import SigningKey, VerifyingKey
from renkei_pki.tokens.module import module_at, pkcs11
from renkei_pki.tokens.session import TokenPlace
from renkei_pki.tokens.token import Token
from tests.tokens import PIN, Device, Devices

pytestmark = pytest.mark.token

SEAT, WORLD = "municipal-cs.131148", "a world"
ECDSA = ec.ECDSA(SHA256())


@pytest.fixture
def device(devices: Devices) -> Device:
    return devices.new()


@pytest.fixture
def token(device: Device) -> Iterator[Token]:
    """A token with its wrapping key, open to make more."""
    made = device.token(SEAT, WORLD, making=True)
    made.open_empty()
    made.make_wrapping_key()
    yield made
    made.close()


def reason_of(what: Callable[[], object]) -> Reason:
    with pytest.raises(Refusal) as refused:
        what()
    assert PIN not in str(refused.value)
    return refused.value.reason


def test_what_a_token_wrapped_it_opens_for_the_same_purpose_alone(token: Token) -> None:
    wrapped = token.wrap(b"a key", b"store.key")

    assert b"a key" not in wrapped
    assert token.unwrap(wrapped, b"store.key") == b"a key"
    assert reason_of(lambda: token.unwrap(wrapped, b"another")) is reasons.KEY_STORE_LOCKED
    assert reason_of(lambda: token.unwrap(wrapped[:-1], b"store.key")) is reasons.KEY_STORE_LOCKED
    assert token.unwrap(wrapped, b"store.key") == b"a key", "a bad value takes no token away"


def test_the_same_key_wrapped_twice_looks_different(token: Token) -> None:
    assert token.wrap(b"a key", b"store.key") != token.wrap(b"a key", b"store.key")


def test_a_key_in_a_token_signs_and_is_found_again_by_its_uri(token: Token, device: Device) -> None:
    made = token.make_key("calls in jukinet")
    token.close()

    with device.token(SEAT, WORLD) as again:
        key = again.key_of(made.uri)
        key.public_key().verify(key.sign(b"content", ECDSA), b"content", ECDSA)
        made.public_key().verify(key.sign(b"content", ECDSA), b"content", ECDSA)


def test_a_key_in_a_token_does_nothing_but_sign(token: Token) -> None:
    key = token.make_key("calls in jukinet")

    with pytest.raises(UnsupportedAlgorithm):
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with pytest.raises(UnsupportedAlgorithm):
        key.private_numbers()
    with pytest.raises(UnsupportedAlgorithm):
        key.exchange(ec.ECDH(), key.public_key())
    with pytest.raises(UnsupportedAlgorithm):
        key.sign(b"content", ec.ECDSA(SHA384()))


def test_no_key_of_a_token_can_be_taken_out(token: Token, device: Device) -> None:
    token.make_key("calls in jukinet")
    package = pkcs11()
    with module_at(device.place.module).turn() as library:
        (found,) = (one for one in library.get_tokens() if one.label == device.place.label)
        with found.open() as session:  # the module is logged in already
            kinds = (package.ObjectClass.PRIVATE_KEY, package.ObjectClass.SECRET_KEY)
            held = [
                one
                for kind in kinds
                for one in session.get_objects({package.Attribute.CLASS: kind})
            ]
            assert len(held) == 2
            for one in held:
                with pytest.raises(package.PKCS11Error):
                    one[package.Attribute.VALUE]
                assert one[package.Attribute.NEVER_EXTRACTABLE]


def test_a_key_that_could_be_taken_out_is_not_used(token: Token, device: Device) -> None:
    """As one that another program put there, and kept a copy of."""
    key = token.make_key("calls in jukinet")
    token.discard_everything()
    package = pkcs11()
    with module_at(device.place.module).turn() as library:
        (found,) = (one for one in library.get_tokens() if one.label == device.place.label)
        with found.open(rw=True) as session:
            wrapping = key.number[:8] + bytes(8)
            template = {package.Attribute.EXTRACTABLE: True, package.Attribute.SENSITIVE: False}
            session.generate_key(
                package.KeyType.AES, 256, id=wrapping, store=True, template=template
            )

    assert reason_of(lambda: token.wrap(b"a key", b"store.key")) is reasons.TOKEN_UNFIT


def test_a_seat_leaves_anothers_keys_in_a_token_alone(token: Token, device: Device) -> None:
    wrapped, key = token.wrap(b"a key", b"store.key"), token.make_key("calls in jukinet")
    other = device.token(SEAT, "another world", making=True)
    other.open_empty()
    other.make_wrapping_key()

    assert reason_of(lambda: other.unwrap(wrapped, b"store.key")) is reasons.KEY_STORE_LOCKED
    other.discard_everything()
    other.close()

    assert token.unwrap(wrapped, b"store.key") == b"a key"
    assert key.sign(b"content", ECDSA)


def test_keys_that_are_not_named_any_more_are_destroyed(token: Token) -> None:
    kept, gone = token.make_key("calls in jukinet"), token.make_key("calls in jukinet")
    wrapped = token.wrap(b"a key", b"store.key")

    token.discard_keys(but=[kept])

    assert token.key_of(kept.uri).sign(b"content", ECDSA)
    assert reason_of(lambda: token.key_of(gone.uri)) is reasons.TOKEN_KEY_MISSING
    assert token.unwrap(wrapped, b"store.key") == b"a key"


def test_a_wrapping_key_is_made_once(token: Token) -> None:
    wrapped = token.wrap(b"a key", b"store.key")

    token.make_wrapping_key()

    assert token.unwrap(wrapped, b"store.key") == b"a key"


def test_what_names_no_key_is_refused(token: Token) -> None:
    for uri in (b"pkcs11:object=key;type=private\n", b"pkcs11:", b"pkcs11:id=%00;type=private\n"):
        assert reason_of(lambda uri=uri: token.key_of(uri)) is reasons.TOKEN_KEY_MISSING


# A token that is taken away


def test_a_token_that_is_taken_away_refuses_everything_until_it_is_found_again(
    token: Token, device: Device
) -> None:
    key, wrapped = token.make_key("calls in jukinet"), token.wrap(b"a key", b"store.key")
    device.take_away()

    for _ in range(2):  # when it is noticed, and later
        with pytest.raises(Refusal):
            token.look()
        assert reason_of(token.require) is reasons.KEY_STORE_LOCKED
        assert reason_of(lambda: key.sign(b"content", ECDSA)) is reasons.KEY_STORE_LOCKED
        unwrap = reason_of(lambda: token.unwrap(wrapped, b"store.key"))
        assert unwrap is reasons.KEY_STORE_LOCKED
    device.put_back()
    token.look()

    token.require()
    assert key.sign(b"content", ECDSA)
    assert token.unwrap(wrapped, b"store.key") == b"a key"


def test_a_token_that_came_back_without_its_keys_is_away(token: Token) -> None:
    """As one of the same label that was initialised anew."""
    token.look()

    token.discard_everything()

    assert reason_of(token.look) is reasons.TOKEN_KEY_MISSING
    assert reason_of(token.require) is reasons.KEY_STORE_LOCKED


def test_a_module_that_is_started_anew_for_one_token_loses_no_other(
    token: Token, devices: Devices
) -> None:
    key = token.make_key("calls in jukinet")

    devices.new().found()

    assert key.sign(b"content", ECDSA)


# A token that cannot be opened


Spoilt = Callable[[TokenPlace], TokenPlace]


def _written(place: TokenPlace, content: str, mode: int = 0o600) -> TokenPlace:
    pin_file = place.pin_file.with_suffix(".other")
    pin_file.unlink(missing_ok=True)
    pin_file.write_text(content)
    pin_file.chmod(mode)
    return dataclasses.replace(place, pin_file=pin_file)


SPOILT: list[tuple[Spoilt, Reason]] = [
    (lambda place: dataclasses.replace(place, label="none"), reasons.TOKEN_ABSENT),
    (
        lambda place: dataclasses.replace(place, module=Path("/usr/lib/none.so")),
        reasons.TOKEN_MODULE_MISSING,
    ),
    (lambda place: dataclasses.replace(place, module=Path(__file__)), reasons.TOKEN_MODULE_MISSING),
    (
        lambda place: dataclasses.replace(place, pin_file=Path("/none")),
        reasons.TOKEN_PIN_FILE_UNFIT,
    ),
    (lambda place: _written(place, ""), reasons.TOKEN_PIN_FILE_UNFIT),
    (lambda place: _written(place, PIN, 0o640), reasons.TOKEN_PIN_FILE_UNFIT),
    (lambda place: _written(place, "0713-sakura"), reasons.TOKEN_PIN_REFUSED),
    (lambda place: _written(place, "0" * 300), reasons.TOKEN_PIN_REFUSED),
]


@pytest.mark.parametrize(("spoil", "reason"), SPOILT)
def test_a_token_that_cannot_be_opened_says_why(
    device: Device, token: Token, spoil: Spoilt, reason: Reason
) -> None:
    token.close()

    assert reason_of(Token(spoil(device.place), SEAT, WORLD).open) is reason
    with device.token(SEAT, WORLD) as sound:
        sound.require()


def test_a_refused_pin_is_not_tried_again_until_its_file_says_another(
    device: Device, token: Token
) -> None:
    token.close()
    pin_file = device.place.pin_file
    pin_file.write_text("0713-sakura")
    refused = device.token(SEAT, WORLD)
    with pytest.raises(Refusal) as first:
        refused.open()
    with pytest.raises(Refusal) as second:
        refused.open()

    pin_file.write_text(PIN)
    refused.open()
    refused.close()

    assert (first.value.detail, second.value.detail) == ("PinIncorrect", "")


def test_a_token_without_the_seats_wrapping_key_is_not_opened(device: Device) -> None:
    assert reason_of(device.token(SEAT, WORLD).open) is reasons.TOKEN_KEY_MISSING


# Files of keys


def test_a_signing_key_lies_wrapped_and_signs_all_the_same(token: Token, tmp_path: Path) -> None:
    path = tmp_path / "record-log" / "key.pem"
    made = SigningKey.create(path, ByToken(token))

    public = VerifyingKey.load(path.with_name("public.pem"))
    assert b"PRIVATE KEY" not in path.read_bytes()
    for key in (made, SigningKey.load(path, ByToken(token))):
        assert public.verify(key.sign(b"head"), b"head")
    assert reason_of(lambda: SigningKey.load(path)) is reasons.KEY_OF_A_TOKEN


def test_a_seat_with_a_token_takes_no_key_that_lies_open(token: Token, tmp_path: Path) -> None:
    path = tmp_path / "record-log" / "key.pem"
    SigningKey.create(path)

    load = reason_of(lambda: SigningKey.load(path, ByToken(token)))

    assert load is reasons.KEY_OUTSIDE_TOKEN


def test_a_wrapped_key_that_is_damaged_or_lies_elsewhere_is_not_opened(token: Token) -> None:
    custody = ByToken(token)
    content = custody.close(b"a key", "store.key")
    begin, *middle, end = content.splitlines(keepends=True)

    assert custody.open(content, "store.key") == b"a key"
    for bad, purpose in (
        (content, "root.key"),
        (begin + b"%%%\n" + end, "store.key"),
        (begin + b"A\n" + end, "store.key"),
        (begin + end, "store.key"),
    ):
        refused = reason_of(lambda bad=bad, purpose=purpose: custody.open(bad, purpose))
        assert refused is reasons.KEY_STORE_LOCKED
    assert middle


def test_without_a_token_nothing_of_it_is_taken(token: Token) -> None:
    for content in (ByToken(token).close(b"a key", "store.key"), token.make_key("calls").uri):
        refused = reason_of(lambda content=content: OPENLY.open(content, "store.key"))
        assert refused is reasons.KEY_OF_A_TOKEN
