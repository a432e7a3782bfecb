from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Optional as _Optional

DESCRIPTOR: _descriptor.FileDescriptor

class BatchRunState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    BATCH_RUN_STATE_UNSPECIFIED: _ClassVar[BatchRunState]
    BATCH_RUN_STATE_OPEN: _ClassVar[BatchRunState]
    BATCH_RUN_STATE_RUNNING: _ClassVar[BatchRunState]
    BATCH_RUN_STATE_ENDED: _ClassVar[BatchRunState]
BATCH_RUN_STATE_UNSPECIFIED: BatchRunState
BATCH_RUN_STATE_OPEN: BatchRunState
BATCH_RUN_STATE_RUNNING: BatchRunState
BATCH_RUN_STATE_ENDED: BatchRunState

class BatchFault(_message.Message):
    __slots__ = ("line", "field", "reason", "detail", "message_ja")
    LINE_FIELD_NUMBER: _ClassVar[int]
    FIELD_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    DETAIL_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_JA_FIELD_NUMBER: _ClassVar[int]
    line: int
    field: str
    reason: str
    detail: str
    message_ja: str
    def __init__(self, line: _Optional[int] = ..., field: _Optional[str] = ..., reason: _Optional[str] = ..., detail: _Optional[str] = ..., message_ja: _Optional[str] = ...) -> None: ...
