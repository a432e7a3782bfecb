import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from renkei.type.v1 import codes_pb2 as _codes_pb2
from renkei.type.v1 import identity_pb2 as _identity_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ConsistencyPeer(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CONSISTENCY_PEER_UNSPECIFIED: _ClassVar[ConsistencyPeer]
    CONSISTENCY_PEER_PREFECTURE: _ClassVar[ConsistencyPeer]
    CONSISTENCY_PEER_NATION: _ClassVar[ConsistencyPeer]
    CONSISTENCY_PEER_MUNICIPAL_CS: _ClassVar[ConsistencyPeer]

class ConsistencyState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CONSISTENCY_STATE_UNSPECIFIED: _ClassVar[ConsistencyState]
    CONSISTENCY_STATE_UNDER_WAY: _ClassVar[ConsistencyState]
    CONSISTENCY_STATE_COMPARED: _ClassVar[ConsistencyState]
    CONSISTENCY_STATE_FAILED: _ClassVar[ConsistencyState]

class ConsistencyFinding(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CONSISTENCY_FINDING_UNSPECIFIED: _ClassVar[ConsistencyFinding]
    CONSISTENCY_FINDING_MISSING_HERE: _ClassVar[ConsistencyFinding]
    CONSISTENCY_FINDING_MISSING_THERE: _ClassVar[ConsistencyFinding]
    CONSISTENCY_FINDING_ITEMS_DIFFER: _ClassVar[ConsistencyFinding]
    CONSISTENCY_FINDING_IN_FLIGHT: _ClassVar[ConsistencyFinding]
    CONSISTENCY_FINDING_CHANGED_MEANWHILE: _ClassVar[ConsistencyFinding]
CONSISTENCY_PEER_UNSPECIFIED: ConsistencyPeer
CONSISTENCY_PEER_PREFECTURE: ConsistencyPeer
CONSISTENCY_PEER_NATION: ConsistencyPeer
CONSISTENCY_PEER_MUNICIPAL_CS: ConsistencyPeer
CONSISTENCY_STATE_UNSPECIFIED: ConsistencyState
CONSISTENCY_STATE_UNDER_WAY: ConsistencyState
CONSISTENCY_STATE_COMPARED: ConsistencyState
CONSISTENCY_STATE_FAILED: ConsistencyState
CONSISTENCY_FINDING_UNSPECIFIED: ConsistencyFinding
CONSISTENCY_FINDING_MISSING_HERE: ConsistencyFinding
CONSISTENCY_FINDING_MISSING_THERE: ConsistencyFinding
CONSISTENCY_FINDING_ITEMS_DIFFER: ConsistencyFinding
CONSISTENCY_FINDING_IN_FLIGHT: ConsistencyFinding
CONSISTENCY_FINDING_CHANGED_MEANWHILE: ConsistencyFinding

class BucketDigest(_message.Message):
    __slots__ = ("bucket", "persons", "sum")
    BUCKET_FIELD_NUMBER: _ClassVar[int]
    PERSONS_FIELD_NUMBER: _ClassVar[int]
    SUM_FIELD_NUMBER: _ClassVar[int]
    bucket: int
    persons: int
    sum: bytes
    def __init__(self, bucket: _Optional[int] = ..., persons: _Optional[int] = ..., sum: _Optional[bytes] = ...) -> None: ...

class PersonDigest(_message.Message):
    __slots__ = ("resident_record_code", "digest")
    RESIDENT_RECORD_CODE_FIELD_NUMBER: _ClassVar[int]
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    resident_record_code: _codes_pb2.ResidentRecordCode
    digest: bytes
    def __init__(self, resident_record_code: _Optional[_Union[_codes_pb2.ResidentRecordCode, _Mapping]] = ..., digest: _Optional[bytes] = ...) -> None: ...

class ComparedPerson(_message.Message):
    __slots__ = ("items", "removed")
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    REMOVED_FIELD_NUMBER: _ClassVar[int]
    items: _identity_pb2.IdentityItems
    removed: bool
    def __init__(self, items: _Optional[_Union[_identity_pb2.IdentityItems, _Mapping]] = ..., removed: _Optional[bool] = ...) -> None: ...

class PersonComparison(_message.Message):
    __slots__ = ("held", "differing")
    HELD_FIELD_NUMBER: _ClassVar[int]
    DIFFERING_FIELD_NUMBER: _ClassVar[int]
    held: bool
    differing: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, held: _Optional[bool] = ..., differing: _Optional[_Iterable[str]] = ...) -> None: ...

class ConsistencyCount(_message.Message):
    __slots__ = ("finding", "persons")
    FINDING_FIELD_NUMBER: _ClassVar[int]
    PERSONS_FIELD_NUMBER: _ClassVar[int]
    finding: ConsistencyFinding
    persons: int
    def __init__(self, finding: _Optional[_Union[ConsistencyFinding, str]] = ..., persons: _Optional[int] = ...) -> None: ...

class ConsistencyPart(_message.Message):
    __slots__ = ("peer", "municipality", "state", "failed", "persons", "differing_buckets", "buckets_done", "compared", "calls", "not_comparable", "found")
    PEER_FIELD_NUMBER: _ClassVar[int]
    MUNICIPALITY_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    FAILED_FIELD_NUMBER: _ClassVar[int]
    PERSONS_FIELD_NUMBER: _ClassVar[int]
    DIFFERING_BUCKETS_FIELD_NUMBER: _ClassVar[int]
    BUCKETS_DONE_FIELD_NUMBER: _ClassVar[int]
    COMPARED_FIELD_NUMBER: _ClassVar[int]
    CALLS_FIELD_NUMBER: _ClassVar[int]
    NOT_COMPARABLE_FIELD_NUMBER: _ClassVar[int]
    FOUND_FIELD_NUMBER: _ClassVar[int]
    peer: ConsistencyPeer
    municipality: str
    state: ConsistencyState
    failed: str
    persons: int
    differing_buckets: int
    buckets_done: int
    compared: int
    calls: int
    not_comparable: int
    found: _containers.RepeatedCompositeFieldContainer[ConsistencyCount]
    def __init__(self, peer: _Optional[_Union[ConsistencyPeer, str]] = ..., municipality: _Optional[str] = ..., state: _Optional[_Union[ConsistencyState, str]] = ..., failed: _Optional[str] = ..., persons: _Optional[int] = ..., differing_buckets: _Optional[int] = ..., buckets_done: _Optional[int] = ..., compared: _Optional[int] = ..., calls: _Optional[int] = ..., not_comparable: _Optional[int] = ..., found: _Optional[_Iterable[_Union[ConsistencyCount, _Mapping]]] = ...) -> None: ...

class ConsistencyDifference(_message.Message):
    __slots__ = ("number", "peer", "municipality", "finding", "resident_record_code", "differing")
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    PEER_FIELD_NUMBER: _ClassVar[int]
    MUNICIPALITY_FIELD_NUMBER: _ClassVar[int]
    FINDING_FIELD_NUMBER: _ClassVar[int]
    RESIDENT_RECORD_CODE_FIELD_NUMBER: _ClassVar[int]
    DIFFERING_FIELD_NUMBER: _ClassVar[int]
    number: int
    peer: ConsistencyPeer
    municipality: str
    finding: ConsistencyFinding
    resident_record_code: _codes_pb2.ResidentRecordCode
    differing: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, number: _Optional[int] = ..., peer: _Optional[_Union[ConsistencyPeer, str]] = ..., municipality: _Optional[str] = ..., finding: _Optional[_Union[ConsistencyFinding, str]] = ..., resident_record_code: _Optional[_Union[_codes_pb2.ResidentRecordCode, _Mapping]] = ..., differing: _Optional[_Iterable[str]] = ...) -> None: ...

class ConsistencyRun(_message.Message):
    __slots__ = ("run", "started_at", "ends_by", "regular", "parts")
    RUN_FIELD_NUMBER: _ClassVar[int]
    STARTED_AT_FIELD_NUMBER: _ClassVar[int]
    ENDS_BY_FIELD_NUMBER: _ClassVar[int]
    REGULAR_FIELD_NUMBER: _ClassVar[int]
    PARTS_FIELD_NUMBER: _ClassVar[int]
    run: int
    started_at: _timestamp_pb2.Timestamp
    ends_by: _timestamp_pb2.Timestamp
    regular: bool
    parts: _containers.RepeatedCompositeFieldContainer[ConsistencyPart]
    def __init__(self, run: _Optional[int] = ..., started_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., ends_by: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., regular: _Optional[bool] = ..., parts: _Optional[_Iterable[_Union[ConsistencyPart, _Mapping]]] = ...) -> None: ...
