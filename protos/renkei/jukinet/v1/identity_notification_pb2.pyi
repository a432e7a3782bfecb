from renkei.type.v1 import codes_pb2 as _codes_pb2
from renkei.type.v1 import identity_pb2 as _identity_pb2
from renkei.type.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class NotifyIdentityChangeRequest(_message.Message):
    __slots__ = ("sender", "request_id", "notification")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    NOTIFICATION_FIELD_NUMBER: _ClassVar[int]
    sender: str
    request_id: str
    notification: _identity_pb2.IdentityNotification
    def __init__(self, sender: _Optional[str] = ..., request_id: _Optional[str] = ..., notification: _Optional[_Union[_identity_pb2.IdentityNotification, _Mapping]] = ...) -> None: ...

class NotifyIdentityChangeResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListNotificationOutcomesRequest(_message.Message):
    __slots__ = ("sender",)
    SENDER_FIELD_NUMBER: _ClassVar[int]
    sender: str
    def __init__(self, sender: _Optional[str] = ...) -> None: ...

class ListNotificationOutcomesResponse(_message.Message):
    __slots__ = ("outcomes",)
    OUTCOMES_FIELD_NUMBER: _ClassVar[int]
    outcomes: _containers.RepeatedCompositeFieldContainer[_identity_pb2.NotificationOutcome]
    def __init__(self, outcomes: _Optional[_Iterable[_Union[_identity_pb2.NotificationOutcome, _Mapping]]] = ...) -> None: ...

class AcknowledgeNotificationOutcomesRequest(_message.Message):
    __slots__ = ("sender", "request_id", "upto")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    UPTO_FIELD_NUMBER: _ClassVar[int]
    sender: str
    request_id: str
    upto: int
    def __init__(self, sender: _Optional[str] = ..., request_id: _Optional[str] = ..., upto: _Optional[int] = ...) -> None: ...

class AcknowledgeNotificationOutcomesResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetNotificationProgressRequest(_message.Message):
    __slots__ = ("sender", "origin", "resident_record_code", "sequence")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    ORIGIN_FIELD_NUMBER: _ClassVar[int]
    RESIDENT_RECORD_CODE_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    sender: str
    origin: str
    resident_record_code: _codes_pb2.ResidentRecordCode
    sequence: int
    def __init__(self, sender: _Optional[str] = ..., origin: _Optional[str] = ..., resident_record_code: _Optional[_Union[_codes_pb2.ResidentRecordCode, _Mapping]] = ..., sequence: _Optional[int] = ...) -> None: ...

class GetNotificationProgressResponse(_message.Message):
    __slots__ = ("progress",)
    PROGRESS_FIELD_NUMBER: _ClassVar[int]
    progress: _identity_pb2.NotificationProgress
    def __init__(self, progress: _Optional[_Union[_identity_pb2.NotificationProgress, _Mapping]] = ...) -> None: ...
