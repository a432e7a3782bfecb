from renkei.type.v1 import acquisition_pb2 as _acquisition_pb2
from renkei.type.v1 import codes_pb2 as _codes_pb2
from renkei.type.v1 import operator_session_pb2 as _operator_session_pb2
from renkei.type.v1 import options_pb2 as _options_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class RequestCodeAcquisitionRequest(_message.Message):
    __slots__ = ("sender", "request_id", "operator_session", "local_address_number")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    OPERATOR_SESSION_FIELD_NUMBER: _ClassVar[int]
    LOCAL_ADDRESS_NUMBER_FIELD_NUMBER: _ClassVar[int]
    sender: str
    request_id: str
    operator_session: _operator_session_pb2.OperatorSession
    local_address_number: _codes_pb2.LocalAddressNumber
    def __init__(self, sender: _Optional[str] = ..., request_id: _Optional[str] = ..., operator_session: _Optional[_Union[_operator_session_pb2.OperatorSession, _Mapping]] = ..., local_address_number: _Optional[_Union[_codes_pb2.LocalAddressNumber, _Mapping]] = ...) -> None: ...

class RequestCodeAcquisitionResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetCodeAcquisitionRequest(_message.Message):
    __slots__ = ("sender", "operator_session", "local_address_number")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    OPERATOR_SESSION_FIELD_NUMBER: _ClassVar[int]
    LOCAL_ADDRESS_NUMBER_FIELD_NUMBER: _ClassVar[int]
    sender: str
    operator_session: _operator_session_pb2.OperatorSession
    local_address_number: _codes_pb2.LocalAddressNumber
    def __init__(self, sender: _Optional[str] = ..., operator_session: _Optional[_Union[_operator_session_pb2.OperatorSession, _Mapping]] = ..., local_address_number: _Optional[_Union[_codes_pb2.LocalAddressNumber, _Mapping]] = ...) -> None: ...

class GetCodeAcquisitionResponse(_message.Message):
    __slots__ = ("acquisition",)
    ACQUISITION_FIELD_NUMBER: _ClassVar[int]
    acquisition: _acquisition_pb2.CodeAcquisition
    def __init__(self, acquisition: _Optional[_Union[_acquisition_pb2.CodeAcquisition, _Mapping]] = ...) -> None: ...
