from renkei.type.v1 import codes_pb2 as _codes_pb2
from renkei.type.v1 import options_pb2 as _options_pb2
from renkei.type.v1 import refused_request_pb2 as _refused_request_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class GenerateLinkageCodeRequest(_message.Message):
    __slots__ = ("sender", "request_id", "individual_number", "processing_serial")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    INDIVIDUAL_NUMBER_FIELD_NUMBER: _ClassVar[int]
    PROCESSING_SERIAL_FIELD_NUMBER: _ClassVar[int]
    sender: str
    request_id: str
    individual_number: _codes_pb2.IndividualNumber
    processing_serial: _codes_pb2.ProcessingSerial
    def __init__(self, sender: _Optional[str] = ..., request_id: _Optional[str] = ..., individual_number: _Optional[_Union[_codes_pb2.IndividualNumber, _Mapping]] = ..., processing_serial: _Optional[_Union[_codes_pb2.ProcessingSerial, _Mapping]] = ...) -> None: ...

class GenerateLinkageCodeResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class BatchGenerateLinkageCodesRequest(_message.Message):
    __slots__ = ("requests",)
    REQUESTS_FIELD_NUMBER: _ClassVar[int]
    requests: _containers.RepeatedCompositeFieldContainer[GenerateLinkageCodeRequest]
    def __init__(self, requests: _Optional[_Iterable[_Union[GenerateLinkageCodeRequest, _Mapping]]] = ...) -> None: ...

class BatchGenerateLinkageCodesResponse(_message.Message):
    __slots__ = ("outcomes",)
    class Outcome(_message.Message):
        __slots__ = ("response", "refusal")
        RESPONSE_FIELD_NUMBER: _ClassVar[int]
        REFUSAL_FIELD_NUMBER: _ClassVar[int]
        response: GenerateLinkageCodeResponse
        refusal: _refused_request_pb2.RefusedRequest
        def __init__(self, response: _Optional[_Union[GenerateLinkageCodeResponse, _Mapping]] = ..., refusal: _Optional[_Union[_refused_request_pb2.RefusedRequest, _Mapping]] = ...) -> None: ...
    OUTCOMES_FIELD_NUMBER: _ClassVar[int]
    outcomes: _containers.RepeatedCompositeFieldContainer[BatchGenerateLinkageCodesResponse.Outcome]
    def __init__(self, outcomes: _Optional[_Iterable[_Union[BatchGenerateLinkageCodesResponse.Outcome, _Mapping]]] = ...) -> None: ...
