from renkei.type.v1 import batch_run_pb2 as _batch_run_pb2
from renkei.type.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class OpenInquiryRunRequest(_message.Message):
    __slots__ = ("sender", "request_id", "job", "made_at", "files")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    JOB_FIELD_NUMBER: _ClassVar[int]
    MADE_AT_FIELD_NUMBER: _ClassVar[int]
    FILES_FIELD_NUMBER: _ClassVar[int]
    sender: str
    request_id: str
    job: str
    made_at: str
    files: int
    def __init__(self, sender: _Optional[str] = ..., request_id: _Optional[str] = ..., job: _Optional[str] = ..., made_at: _Optional[str] = ..., files: _Optional[int] = ...) -> None: ...

class OpenInquiryRunResponse(_message.Message):
    __slots__ = ("run_id",)
    RUN_ID_FIELD_NUMBER: _ClassVar[int]
    run_id: str
    def __init__(self, run_id: _Optional[str] = ...) -> None: ...

class PutInquiryFileRequest(_message.Message):
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

class PutInquiryFileResponse(_message.Message):
    __slots__ = ("faults", "fault_count")
    FAULTS_FIELD_NUMBER: _ClassVar[int]
    FAULT_COUNT_FIELD_NUMBER: _ClassVar[int]
    faults: _containers.RepeatedCompositeFieldContainer[_batch_run_pb2.BatchFault]
    fault_count: int
    def __init__(self, faults: _Optional[_Iterable[_Union[_batch_run_pb2.BatchFault, _Mapping]]] = ..., fault_count: _Optional[int] = ...) -> None: ...

class CloseInquiryRunRequest(_message.Message):
    __slots__ = ("sender", "request_id", "run_id")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    RUN_ID_FIELD_NUMBER: _ClassVar[int]
    sender: str
    request_id: str
    run_id: str
    def __init__(self, sender: _Optional[str] = ..., request_id: _Optional[str] = ..., run_id: _Optional[str] = ...) -> None: ...

class CloseInquiryRunResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetInquiryRunRequest(_message.Message):
    __slots__ = ("sender", "run_id")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    RUN_ID_FIELD_NUMBER: _ClassVar[int]
    sender: str
    run_id: str
    def __init__(self, sender: _Optional[str] = ..., run_id: _Optional[str] = ...) -> None: ...

class GetInquiryRunResponse(_message.Message):
    __slots__ = ("state", "files", "lines", "started", "answered", "provided", "failed")
    STATE_FIELD_NUMBER: _ClassVar[int]
    FILES_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    STARTED_FIELD_NUMBER: _ClassVar[int]
    ANSWERED_FIELD_NUMBER: _ClassVar[int]
    PROVIDED_FIELD_NUMBER: _ClassVar[int]
    FAILED_FIELD_NUMBER: _ClassVar[int]
    state: _batch_run_pb2.BatchRunState
    files: _containers.RepeatedScalarFieldContainer[str]
    lines: int
    started: int
    answered: int
    provided: int
    failed: int
    def __init__(self, state: _Optional[_Union[_batch_run_pb2.BatchRunState, str]] = ..., files: _Optional[_Iterable[str]] = ..., lines: _Optional[int] = ..., started: _Optional[int] = ..., answered: _Optional[int] = ..., provided: _Optional[int] = ..., failed: _Optional[int] = ...) -> None: ...

class GetResultFileRequest(_message.Message):
    __slots__ = ("sender", "run_id", "number", "after_line")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    RUN_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    AFTER_LINE_FIELD_NUMBER: _ClassVar[int]
    sender: str
    run_id: str
    number: int
    after_line: int
    def __init__(self, sender: _Optional[str] = ..., run_id: _Optional[str] = ..., number: _Optional[int] = ..., after_line: _Optional[int] = ...) -> None: ...

class ResultPart(_message.Message):
    __slots__ = ("layout_version", "content")
    LAYOUT_VERSION_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    layout_version: int
    content: bytes
    def __init__(self, layout_version: _Optional[int] = ..., content: _Optional[bytes] = ...) -> None: ...

class GetResultFileResponse(_message.Message):
    __slots__ = ("parts", "next_after_line")
    PARTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_AFTER_LINE_FIELD_NUMBER: _ClassVar[int]
    parts: _containers.RepeatedCompositeFieldContainer[ResultPart]
    next_after_line: int
    def __init__(self, parts: _Optional[_Iterable[_Union[ResultPart, _Mapping]]] = ..., next_after_line: _Optional[int] = ...) -> None: ...

class DeleteInquiryRunRequest(_message.Message):
    __slots__ = ("sender", "request_id", "run_id")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    RUN_ID_FIELD_NUMBER: _ClassVar[int]
    sender: str
    request_id: str
    run_id: str
    def __init__(self, sender: _Optional[str] = ..., request_id: _Optional[str] = ..., run_id: _Optional[str] = ...) -> None: ...

class DeleteInquiryRunResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...
