"""The message that goes ahead of an attachment."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renkei import reasons
from renkei.reasons import Reason
from renkei.refusals import Refusal
from renkei_server.domain.batch_files.messages import (
    RegistrationMessage,
    read_message,
    write_message,
)

from .making import CUTS, DIGITS, LETTERS, WORDS, chunks, letters

MESSAGE = RegistrationMessage(
    message_id="",
    test=True,
    source="juki-131148",
    destination="renkei-131148",
    department="2100",
    user_id="operator-17",
)
SYSTEMS = letters(DIGITS + LETTERS + "-", 1, 20)
MESSAGES = st.builds(
    RegistrationMessage,
    message_id=st.just("") | SYSTEMS,
    test=st.booleans(),
    source=SYSTEMS,
    destination=SYSTEMS,
    department=WORDS,
    user_id=WORDS,
)


def refused(data: bytes) -> Refusal:
    with pytest.raises(Refusal) as caught:
        read_message([data])
    return caught.value


@given(MESSAGES, CUTS)
def test_a_message_comes_back_as_it_was_written(message: RegistrationMessage, size: int) -> None:
    assert read_message(chunks(write_message(message), size)) == message


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (b"DBM_20113>", b"DBM_20114>", reasons.MALFORMED_BATCH_MESSAGE),
        (b"<MsgId>", b"<MsgId a='1'>", reasons.MALFORMED_BATCH_MESSAGE),
        (b"<MessageBody>", b"<Other/><MessageBody>", reasons.MALFORMED_BATCH_MESSAGE),
        (b"<MessageBody>", b"<MessageBody/><MessageBody>", reasons.MALFORMED_BATCH_MESSAGE),
        (b"<MsgId></MsgId>", b"", reasons.BATCH_FIELD_MISSING),
        (b"IF_DBM_20113_R01", b"IF_DBM_20113_R02", reasons.MALFORMED_BATCH_FIELD),
        (b"<MsgMode>1", b"<MsgMode>2", reasons.MALFORMED_BATCH_FIELD),
        (b"<MsgMode>1", b"<MsgMode>", reasons.BATCH_FIELD_MISSING),
        (b"<MsgResult>", b"<MsgResult>0", reasons.BATCH_FIELD_NOT_EMPTY),
        (b"<MsgId>", b"<Other></Other><MsgId>", reasons.BATCH_FIELD_UNKNOWN),
        (b"<MsgId>", b"<MsgId></MsgId><MsgId>", reasons.MALFORMED_BATCH_FIELD),
        (b"MessageBody>", b"MessageTail>", reasons.BATCH_FIELD_UNKNOWN),
        (b">2100<", b">" + b"2" * 21 + b"<", reasons.BATCH_FIELD_LENGTH),
        (b'"UTF-8"', b'"UTF-16"', reasons.BATCH_ENCODING),
        (b"</DBM_20113>", b"", reasons.MALFORMED_BATCH_MESSAGE),
    ],
)
def test_a_message_that_is_not_of_its_form_is_refused(
    old: bytes, new: bytes, reason: Reason
) -> None:
    data = write_message(MESSAGE)
    assert old in data

    assert refused(data.replace(old, new)).reason is reason


def test_what_does_not_fit_is_never_written() -> None:
    with pytest.raises(Refusal) as caught:
        write_message(replace(MESSAGE, destination="renkei 131148"))

    assert caught.value.fields == ("DestinationSystemID",)
