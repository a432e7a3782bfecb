from renkei.type.v1 import batch_run_pb2 as _batch_run_pb2
from renkei.type.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class RegistrationRunKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    REGISTRATION_RUN_KIND_UNSPECIFIED: _ClassVar[RegistrationRunKind]
    REGISTRATION_RUN_KIND_INITIAL: _ClassVar[RegistrationRunKind]
    REGISTRATION_RUN_KIND_REVISION: _ClassVar[RegistrationRunKind]
    REGISTRATION_RUN_KIND_AGAIN: _ClassVar[RegistrationRunKind]
    REGISTRATION_RUN_KIND_CHANGE: _ClassVar[RegistrationRunKind]
REGISTRATION_RUN_KIND_UNSPECIFIED: RegistrationRunKind
REGISTRATION_RUN_KIND_INITIAL: RegistrationRunKind
REGISTRATION_RUN_KIND_REVISION: RegistrationRunKind
REGISTRATION_RUN_KIND_AGAIN: RegistrationRunKind
REGISTRATION_RUN_KIND_CHANGE: RegistrationRunKind

class OpenRegistrationRunRequest(_message.Message):
    __slots__ = ("sender", "request_id", "kind", "information_code", "layout_version", "messages")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    INFORMATION_CODE_FIELD_NUMBER: _ClassVar[int]
    LAYOUT_VERSION_FIELD_NUMBER: _ClassVar[int]
    MESSAGES_FIELD_NUMBER: _ClassVar[int]
    sender: str
    request_id: str
    kind: RegistrationRunKind
    information_code: str
    layout_version: int
    messages: int
    def __init__(self, sender: _Optional[str] = ..., request_id: _Optional[str] = ..., kind: _Optional[_Union[RegistrationRunKind, str]] = ..., information_code: _Optional[str] = ..., layout_version: _Optional[int] = ..., messages: _Optional[int] = ...) -> None: ...

class OpenRegistrationRunResponse(_message.Message):
    __slots__ = ("run_id",)
    RUN_ID_FIELD_NUMBER: _ClassVar[int]
    run_id: str
    def __init__(self, run_id: _Optional[str] = ...) -> None: ...

class PutRegistrationFileRequest(_message.Message):
    __slots__ = ("sender", "request_id", "run_id", "name", "content")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    RUN_ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    sender: str
    request_id: str
    run_id: str
    name: str
    content: bytes
    def __init__(self, sender: _Optional[str] = ..., request_id: _Optional[str] = ..., run_id: _Optional[str] = ..., name: _Optional[str] = ..., content: _Optional[bytes] = ...) -> None: ...

class PutRegistrationFileResponse(_message.Message):
    __slots__ = ("faults", "fault_count")
    FAULTS_FIELD_NUMBER: _ClassVar[int]
    FAULT_COUNT_FIELD_NUMBER: _ClassVar[int]
    faults: _containers.RepeatedCompositeFieldContainer[_batch_run_pb2.BatchFault]
    fault_count: int
    def __init__(self, faults: _Optional[_Iterable[_Union[_batch_run_pb2.BatchFault, _Mapping]]] = ..., fault_count: _Optional[int] = ...) -> None: ...

class CloseRegistrationRunRequest(_message.Message):
    __slots__ = ("sender", "request_id", "run_id")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    RUN_ID_FIELD_NUMBER: _ClassVar[int]
    sender: str
    request_id: str
    run_id: str
    def __init__(self, sender: _Optional[str] = ..., request_id: _Optional[str] = ..., run_id: _Optional[str] = ...) -> None: ...

class CloseRegistrationRunResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetRegistrationRunRequest(_message.Message):
    __slots__ = ("sender", "run_id", "after_record")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    RUN_ID_FIELD_NUMBER: _ClassVar[int]
    AFTER_RECORD_FIELD_NUMBER: _ClassVar[int]
    sender: str
    run_id: str
    after_record: int
    def __init__(self, sender: _Optional[str] = ..., run_id: _Optional[str] = ..., after_record: _Optional[int] = ...) -> None: ...

class RefusedRecord(_message.Message):
    __slots__ = ("number", "reason", "message_ja")
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_JA_FIELD_NUMBER: _ClassVar[int]
    number: int
    reason: str
    message_ja: str
    def __init__(self, number: _Optional[int] = ..., reason: _Optional[str] = ..., message_ja: _Optional[str] = ...) -> None: ...

class GetRegistrationRunResponse(_message.Message):
    __slots__ = ("state", "files", "records", "registered", "refused", "refused_records")
    STATE_FIELD_NUMBER: _ClassVar[int]
    FILES_FIELD_NUMBER: _ClassVar[int]
    RECORDS_FIELD_NUMBER: _ClassVar[int]
    REGISTERED_FIELD_NUMBER: _ClassVar[int]
    REFUSED_FIELD_NUMBER: _ClassVar[int]
    REFUSED_RECORDS_FIELD_NUMBER: _ClassVar[int]
    state: _batch_run_pb2.BatchRunState
    files: _containers.RepeatedScalarFieldContainer[str]
    records: int
    registered: int
    refused: int
    refused_records: _containers.RepeatedCompositeFieldContainer[RefusedRecord]
    def __init__(self, state: _Optional[_Union[_batch_run_pb2.BatchRunState, str]] = ..., files: _Optional[_Iterable[str]] = ..., records: _Optional[int] = ..., registered: _Optional[int] = ..., refused: _Optional[int] = ..., refused_records: _Optional[_Iterable[_Union[RefusedRecord, _Mapping]]] = ...) -> None: ...

class DeleteRegistrationRunRequest(_message.Message):
    __slots__ = ("sender", "request_id", "run_id")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    RUN_ID_FIELD_NUMBER: _ClassVar[int]
    sender: str
    request_id: str
    run_id: str
    def __init__(self, sender: _Optional[str] = ..., request_id: _Optional[str] = ..., run_id: _Optional[str] = ...) -> None: ...

class DeleteRegistrationRunResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...
