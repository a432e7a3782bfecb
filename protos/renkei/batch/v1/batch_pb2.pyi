from renkei.type.v1 import options_pb2 as _options_pb2
from renkei.type.v1 import refused_request_pb2 as _refused_request_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class MakeCallsRequest(_message.Message):
    __slots__ = ("requests",)
    class Request(_message.Message):
        __slots__ = ("method", "message")
        METHOD_FIELD_NUMBER: _ClassVar[int]
        MESSAGE_FIELD_NUMBER: _ClassVar[int]
        method: str
        message: bytes
        def __init__(self, method: _Optional[str] = ..., message: _Optional[bytes] = ...) -> None: ...
    REQUESTS_FIELD_NUMBER: _ClassVar[int]
    requests: _containers.RepeatedCompositeFieldContainer[MakeCallsRequest.Request]
    def __init__(self, requests: _Optional[_Iterable[_Union[MakeCallsRequest.Request, _Mapping]]] = ...) -> None: ...

class MakeCallsResponse(_message.Message):
    __slots__ = ("outcomes",)
    class Outcome(_message.Message):
        __slots__ = ("response", "refusal")
        RESPONSE_FIELD_NUMBER: _ClassVar[int]
        REFUSAL_FIELD_NUMBER: _ClassVar[int]
        response: bytes
        refusal: _refused_request_pb2.RefusedRequest
        def __init__(self, response: _Optional[bytes] = ..., refusal: _Optional[_Union[_refused_request_pb2.RefusedRequest, _Mapping]] = ...) -> None: ...
    OUTCOMES_FIELD_NUMBER: _ClassVar[int]
    outcomes: _containers.RepeatedCompositeFieldContainer[MakeCallsResponse.Outcome]
    def __init__(self, outcomes: _Optional[_Iterable[_Union[MakeCallsResponse.Outcome, _Mapping]]] = ...) -> None: ...
