from renkei.type.v1 import acquisition_pb2 as _acquisition_pb2
from renkei.type.v1 import codes_pb2 as _codes_pb2
from renkei.type.v1 import options_pb2 as _options_pb2
from renkei.type.v1 import person_pb2 as _person_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class NumberPersonRequest(_message.Message):
    __slots__ = ("sender", "request_id", "local_address_number", "individual_number", "attributes")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    LOCAL_ADDRESS_NUMBER_FIELD_NUMBER: _ClassVar[int]
    INDIVIDUAL_NUMBER_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    sender: str
    request_id: str
    local_address_number: _codes_pb2.LocalAddressNumber
    individual_number: _codes_pb2.IndividualNumber
    attributes: _person_pb2.FourAttributes
    def __init__(self, sender: _Optional[str] = ..., request_id: _Optional[str] = ..., local_address_number: _Optional[_Union[_codes_pb2.LocalAddressNumber, _Mapping]] = ..., individual_number: _Optional[_Union[_codes_pb2.IndividualNumber, _Mapping]] = ..., attributes: _Optional[_Union[_person_pb2.FourAttributes, _Mapping]] = ...) -> None: ...

class NumberPersonResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ChangeIndividualNumberRequest(_message.Message):
    __slots__ = ("sender", "request_id", "old_individual_number", "new_individual_number")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    OLD_INDIVIDUAL_NUMBER_FIELD_NUMBER: _ClassVar[int]
    NEW_INDIVIDUAL_NUMBER_FIELD_NUMBER: _ClassVar[int]
    sender: str
    request_id: str
    old_individual_number: _codes_pb2.IndividualNumber
    new_individual_number: _codes_pb2.IndividualNumber
    def __init__(self, sender: _Optional[str] = ..., request_id: _Optional[str] = ..., old_individual_number: _Optional[_Union[_codes_pb2.IndividualNumber, _Mapping]] = ..., new_individual_number: _Optional[_Union[_codes_pb2.IndividualNumber, _Mapping]] = ...) -> None: ...

class ChangeIndividualNumberResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetNumberingOutcomeRequest(_message.Message):
    __slots__ = ("sender", "local_address_number")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    LOCAL_ADDRESS_NUMBER_FIELD_NUMBER: _ClassVar[int]
    sender: str
    local_address_number: _codes_pb2.LocalAddressNumber
    def __init__(self, sender: _Optional[str] = ..., local_address_number: _Optional[_Union[_codes_pb2.LocalAddressNumber, _Mapping]] = ...) -> None: ...

class GetNumberingOutcomeResponse(_message.Message):
    __slots__ = ("acquisition",)
    ACQUISITION_FIELD_NUMBER: _ClassVar[int]
    acquisition: _acquisition_pb2.CodeAcquisition
    def __init__(self, acquisition: _Optional[_Union[_acquisition_pb2.CodeAcquisition, _Mapping]] = ...) -> None: ...
