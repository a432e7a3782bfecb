from renkei.type.v1 import acquisition_pb2 as _acquisition_pb2
from renkei.type.v1 import codes_pb2 as _codes_pb2
from renkei.type.v1 import options_pb2 as _options_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ReportResidentRecordCodeRequest(_message.Message):
    __slots__ = ("sender", "request_id", "processing_serial", "asking_institution", "resident_record_code", "failure")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    PROCESSING_SERIAL_FIELD_NUMBER: _ClassVar[int]
    ASKING_INSTITUTION_FIELD_NUMBER: _ClassVar[int]
    RESIDENT_RECORD_CODE_FIELD_NUMBER: _ClassVar[int]
    FAILURE_FIELD_NUMBER: _ClassVar[int]
    sender: str
    request_id: str
    processing_serial: _codes_pb2.ProcessingSerial
    asking_institution: str
    resident_record_code: _codes_pb2.ResidentRecordCode
    failure: _acquisition_pb2.AcquisitionFailure
    def __init__(self, sender: _Optional[str] = ..., request_id: _Optional[str] = ..., processing_serial: _Optional[_Union[_codes_pb2.ProcessingSerial, _Mapping]] = ..., asking_institution: _Optional[str] = ..., resident_record_code: _Optional[_Union[_codes_pb2.ResidentRecordCode, _Mapping]] = ..., failure: _Optional[_Union[_acquisition_pb2.AcquisitionFailure, str]] = ...) -> None: ...

class ReportResidentRecordCodeResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ChangeResidentRecordCodeRequest(_message.Message):
    __slots__ = ("sender", "request_id", "old_resident_record_code", "new_resident_record_code")
    SENDER_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    OLD_RESIDENT_RECORD_CODE_FIELD_NUMBER: _ClassVar[int]
    NEW_RESIDENT_RECORD_CODE_FIELD_NUMBER: _ClassVar[int]
    sender: str
    request_id: str
    old_resident_record_code: _codes_pb2.ResidentRecordCode
    new_resident_record_code: _codes_pb2.ResidentRecordCode
    def __init__(self, sender: _Optional[str] = ..., request_id: _Optional[str] = ..., old_resident_record_code: _Optional[_Union[_codes_pb2.ResidentRecordCode, _Mapping]] = ..., new_resident_record_code: _Optional[_Union[_codes_pb2.ResidentRecordCode, _Mapping]] = ...) -> None: ...

class ChangeResidentRecordCodeResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...
