from renkei.type.v1 import codes_pb2 as _codes_pb2
from renkei.type.v1 import exchange_pb2 as _exchange_pb2
from renkei.type.v1 import operator_session_pb2 as _operator_session_pb2
from renkei.type.v1 import options_pb2 as _options_pb2
from renkei.type.v1 import permit_pb2 as _permit_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class StartInquiryRequest(_message.Message):
    __slots__ = ("sender", "request_id", "operator_session", "integrated_address_number", "terms", "department", "user_id")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    OPERATOR_SESSION_FIELD_NUMBER: _ClassVar[int]
    INTEGRATED_ADDRESS_NUMBER_FIELD_NUMBER: _ClassVar[int]
    TERMS_FIELD_NUMBER: _ClassVar[int]
    DEPARTMENT_FIELD_NUMBER: _ClassVar[int]
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    sender: str
    request_id: str
    operator_session: _operator_session_pb2.OperatorSession
    integrated_address_number: _codes_pb2.IntegratedAddressNumber
    terms: _permit_pb2.InquiryTerms
    department: str
    user_id: str
    def __init__(self, sender: _Optional[str] = ..., request_id: _Optional[str] = ..., operator_session: _Optional[_Union[_operator_session_pb2.OperatorSession, _Mapping]] = ..., integrated_address_number: _Optional[_Union[_codes_pb2.IntegratedAddressNumber, _Mapping]] = ..., terms: _Optional[_Union[_permit_pb2.InquiryTerms, _Mapping]] = ..., department: _Optional[str] = ..., user_id: _Optional[str] = ...) -> None: ...

class StartInquiryResponse(_message.Message):
    __slots__ = ("inquiry_id",)
    INQUIRY_ID_FIELD_NUMBER: _ClassVar[int]
    inquiry_id: str
    def __init__(self, inquiry_id: _Optional[str] = ...) -> None: ...

class GetInquiryRequest(_message.Message):
    __slots__ = ("sender", "operator_session", "inquiry_id")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    OPERATOR_SESSION_FIELD_NUMBER: _ClassVar[int]
    INQUIRY_ID_FIELD_NUMBER: _ClassVar[int]
    sender: str
    operator_session: _operator_session_pb2.OperatorSession
    inquiry_id: str
    def __init__(self, sender: _Optional[str] = ..., operator_session: _Optional[_Union[_operator_session_pb2.OperatorSession, _Mapping]] = ..., inquiry_id: _Optional[str] = ...) -> None: ...

class GetInquiryResponse(_message.Message):
    __slots__ = ("inquiry",)
    INQUIRY_FIELD_NUMBER: _ClassVar[int]
    inquiry: _exchange_pb2.Inquiry
    def __init__(self, inquiry: _Optional[_Union[_exchange_pb2.Inquiry, _Mapping]] = ...) -> None: ...

class CancelInquiryRequest(_message.Message):
    __slots__ = ("sender", "request_id", "operator_session", "inquiry_id")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    OPERATOR_SESSION_FIELD_NUMBER: _ClassVar[int]
    INQUIRY_ID_FIELD_NUMBER: _ClassVar[int]
    sender: str
    request_id: str
    operator_session: _operator_session_pb2.OperatorSession
    inquiry_id: str
    def __init__(self, sender: _Optional[str] = ..., request_id: _Optional[str] = ..., operator_session: _Optional[_Union[_operator_session_pb2.OperatorSession, _Mapping]] = ..., inquiry_id: _Optional[str] = ...) -> None: ...

class CancelInquiryResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class AcknowledgeAnswerRequest(_message.Message):
    __slots__ = ("sender", "request_id", "operator_session", "inquiry_id")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    OPERATOR_SESSION_FIELD_NUMBER: _ClassVar[int]
    INQUIRY_ID_FIELD_NUMBER: _ClassVar[int]
    sender: str
    request_id: str
    operator_session: _operator_session_pb2.OperatorSession
    inquiry_id: str
    def __init__(self, sender: _Optional[str] = ..., request_id: _Optional[str] = ..., operator_session: _Optional[_Union[_operator_session_pb2.OperatorSession, _Mapping]] = ..., inquiry_id: _Optional[str] = ...) -> None: ...

class AcknowledgeAnswerResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...
