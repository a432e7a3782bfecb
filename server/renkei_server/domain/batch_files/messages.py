"""The message that goes ahead of an attachment: registration of sub-copies (DBM_20113).

Rules:
- `MessageHeader` with the type `IF_DBM_20113_R01`, the mode (0 real, 1 test) and both systems;
  `MessageBody` with the department and the user who ask; a request has no result and its message
  id may be empty (MSG: `documented`).
- The outermost element is `DBM_20113`; systems are named by at most twenty ASCII letters, digits
  and hyphens, department and user by twenty characters (`invented`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from renkei import reasons
from renkei.refusals import Refusal
from renkei_server.domain.batch_files.columns import Column
from renkei_server.domain.batch_files.elements import DECLARATION, escaped, read_elements

TYPE: Final = "IF_DBM_20113_R01"
ROOT: Final = "DBM_20113"

_SYSTEM = "[0-9A-Za-z-]+"
_PRINTED = "[!-~](?:[ -~]*[!-~])?"


def _field(name: str, japanese: str, form: str, width: int, *, required: bool = True) -> Column:
    return Column(name, japanese, width, form, required=required, fixed=False)


_HEADER = (
    _field("MsgId", "メッセージID", _SYSTEM, 40, required=False),
    _field("MsgTypeId", "メッセージ種別ID", TYPE, 16),
    _field("MsgMode", "電文実行モード", "[01]", 1),
    _field("SourceSystemID", "送信元システムID", _SYSTEM, 20),
    _field("DestinationSystemID", "送信先システムID", _SYSTEM, 20),
    Column.empty("MsgResult", "処理結果"),
)
_BODY = (
    _field("RequestSourceUnitCode", "依頼元部署コード", _PRINTED, 20),
    _field("RequestSourceUserID", "依頼元ユーザーID", _PRINTED, 20),
)
_PARTS: Final = {"MessageHeader": _HEADER, "MessageBody": _BODY}


@dataclass(frozen=True, slots=True)
class RegistrationMessage:
    """Who asks whom to register what the attachment of the same number holds."""

    message_id: str
    test: bool
    source: str
    destination: str
    department: str
    user_id: str = field(repr=False)


def write_message(message: RegistrationMessage) -> bytes:
    """The message; raises BATCH_FIELD_LENGTH and its kin where a value does not fit."""
    values = {
        "MsgId": message.message_id,
        "MsgTypeId": TYPE,
        "MsgMode": "1" if message.test else "0",
        "SourceSystemID": message.source,
        "DestinationSystemID": message.destination,
        "MsgResult": "",
        "RequestSourceUnitCode": message.department,
        "RequestSourceUserID": message.user_id,
    }
    parts = (
        f"<{part}>{''.join(written(column, values[column.name]) for column in columns)}</{part}>"
        for part, columns in _PARTS.items()
    )
    return f"{DECLARATION}<{ROOT}>{''.join(parts)}</{ROOT}>".encode()


def read_message(chunks: Iterable[bytes]) -> RegistrationMessage:
    """Read a message.

    Raises MALFORMED_BATCH_MESSAGE, BATCH_ENCODING, BATCH_FIELD_UNKNOWN, BATCH_FIELD_MISSING,
    BATCH_FIELD_NOT_EMPTY, BATCH_FIELD_LENGTH or MALFORMED_BATCH_FIELD.
    """
    values: dict[str, str] = {}
    part: Mapping[str, Column] = {}
    ended: list[str] = []
    for element in read_elements(chunks, deepest=2):
        if element.attributes:
            raise Refusal(reasons.MALFORMED_BATCH_MESSAGE, "an attribute")
        if element.depth == 2:
            read_into(values, part, element.name, element.text)
        elif not element.opened:
            ended.append(element.name)
        elif element.depth == 1:
            part = {column.name: column for column in _PARTS.get(element.name, ())}
    if ended != [*_PARTS, ROOT]:
        raise Refusal(reasons.MALFORMED_BATCH_MESSAGE, "not one header and one body")
    for column in (*_HEADER, *_BODY):
        if column.name not in values:
            raise Refusal(reasons.BATCH_FIELD_MISSING, "", column.name)
    return RegistrationMessage(
        message_id=values["MsgId"],
        test=values["MsgMode"] == "1",
        source=values["SourceSystemID"],
        destination=values["DestinationSystemID"],
        department=values["RequestSourceUnitCode"],
        user_id=values["RequestSourceUserID"],
    )


def written(column: Column, value: str) -> str:
    """A field as an element."""
    return f"<{column.name}>{escaped(column.write(value))}</{column.name}>"


def read_into(values: dict[str, str], columns: Mapping[str, Column], name: str, text: str) -> None:
    """Take one field; raises what `Column.read` does, BATCH_FIELD_UNKNOWN or a repeat's refusal."""
    column = columns.get(name)
    if column is None:
        raise Refusal(reasons.BATCH_FIELD_UNKNOWN)
    if name in values:
        raise Refusal(reasons.MALFORMED_BATCH_FIELD, "comes twice", name)
    values[name] = column.read(text)
