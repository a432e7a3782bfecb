from renkei.type.v1 import codes_pb2 as _codes_pb2
from renkei.type.v1 import operator_session_pb2 as _operator_session_pb2
from renkei.type.v1 import options_pb2 as _options_pb2
from renkei.type.v1 import person_pb2 as _person_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class GetAddressInformationRequest(_message.Message):
    __slots__ = ("sender", "operator_session", "integrated_address_number")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    OPERATOR_SESSION_FIELD_NUMBER: _ClassVar[int]
    INTEGRATED_ADDRESS_NUMBER_FIELD_NUMBER: _ClassVar[int]
    sender: str
    operator_session: _operator_session_pb2.OperatorSession
    integrated_address_number: _codes_pb2.IntegratedAddressNumber
    def __init__(self, sender: _Optional[str] = ..., operator_session: _Optional[_Union[_operator_session_pb2.OperatorSession, _Mapping]] = ..., integrated_address_number: _Optional[_Union[_codes_pb2.IntegratedAddressNumber, _Mapping]] = ...) -> None: ...

class GetAddressInformationResponse(_message.Message):
    __slots__ = ("attributes",)
    ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    attributes: _person_pb2.FourAttributes
    def __init__(self, attributes: _Optional[_Union[_person_pb2.FourAttributes, _Mapping]] = ...) -> None: ...
