"""Of which methods another number of calls goes singly at once, before they share batches.

It is measured (docs/performance.md) and a fact of the exchange that a method is part of, not of
who calls it or of the client that knows it: so it stands here once, beside what opens every
channel between seats.

- A hop of the exchange of codes (F1) is mostly the call, the door and a commit, which a batch
  shares: calls travel together from the third on. Not from the second: one that its peer is slow to
  answer would hold up all others.
- A hop of an inquiry (F2) is mostly signing, sealing and judging, which nothing shares, and who
  waits for a batch waits for all of it: the usual number.
"""

from collections.abc import Mapping
from typing import Final

from google.protobuf.message import Message

from renkei.jukinet.v1 import linkage_code_generation_pb2 as national
from renkei.linkage.v1 import (
    code_acquisition_pb2,
    code_delivery_pb2,
    processing_serial_pb2,
    resident_record_code_pb2,
)
from renkei.ward.v1 import linkage_code_generation_pb2, linkage_code_relay_pb2, numbering_pb2

_OF_CODES: Final = (
    numbering_pb2.NumberPersonRequest,
    code_acquisition_pb2.AcquireCodeRequest,
    processing_serial_pb2.IssueProcessingSerialRequest,
    linkage_code_relay_pb2.RelayLinkageCodeGenerationRequest,
    linkage_code_generation_pb2.GenerateLinkageCodeRequest,
    national.GenerateLinkageCodeRequest,
    resident_record_code_pb2.ReportResidentRecordCodeRequest,
    code_delivery_pb2.DeliverCodeRequest,
    code_acquisition_pb2.GetCodeAcquisitionRequest,
    numbering_pb2.GetNumberingOutcomeRequest,
)

SINGLY: Final[Mapping[type[Message], int]] = dict.fromkeys(_OF_CODES, 2)
