"""The contract as protoc reads it, its comments too."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from subprocess import run
from typing import Any

import grpc_tools
import pytest
from google.protobuf import descriptor_pb2

from renkei.refusals import Refusal
from renkei.type.v1 import options_pb2  # noqa: F401  # so that our options are read as such

PROTOS = Path(__file__).parents[2] / "protos"

_SERVICE, _METHOD = 6, 2
"""The numbers of `service` in a file and `method` in a service, as source paths name them."""


@dataclass(frozen=True, slots=True)
class Rpc:
    """One RPC, its comment as one line, and its messages."""

    name: str
    comment: str
    options: Any
    request: descriptor_pb2.DescriptorProto
    response: descriptor_pb2.DescriptorProto


@dataclass(frozen=True, slots=True)
class Contract:
    """All of our proto files."""

    files: tuple[descriptor_pb2.FileDescriptorProto, ...]

    @property
    def services(self) -> Mapping[str, descriptor_pb2.ServiceDescriptorProto]:
        return {f"{file.package}.{one.name}": one for file in self.files for one in file.service}

    @property
    def messages(self) -> Mapping[str, descriptor_pb2.DescriptorProto]:
        return {
            f".{file.package}.{one.name}": one for file in self.files for one in file.message_type
        }

    @property
    def enums(self) -> list[descriptor_pb2.EnumDescriptorProto]:
        inner = [enum for message in self.messages.values() for enum in message.enum_type]
        return inner + [enum for file in self.files for enum in file.enum_type]

    @property
    def rpcs(self) -> list[Rpc]:
        messages = self.messages
        return [
            Rpc(
                f"{file.package}.{service.name}.{method.name}",
                _comment(file, (_SERVICE, s, _METHOD, m)),
                method.options,
                messages[method.input_type],
                messages[method.output_type],
            )
            for file in self.files
            for s, service in enumerate(file.service)
            for m, method in enumerate(service.method)
        ]


def _comment(file: descriptor_pb2.FileDescriptorProto, path: tuple[int, ...]) -> str:
    """The comment that leads an element, its lines joined."""
    for location in file.source_code_info.location:
        if tuple(location.path) == path:
            return " ".join(location.leading_comments.split())
    return ""


@pytest.fixture(scope="session")
def contract(tmp_path_factory: pytest.TempPathFactory) -> Contract:
    """Our proto files, compiled anew."""
    compiled = tmp_path_factory.mktemp("contract") / "contract.binpb"
    well_known = Path(grpc_tools.__file__).parent / "_proto"
    run(
        [
            sys.executable,
            "-m",
            "grpc_tools.protoc",
            f"-I{PROTOS}",
            f"-I{well_known}",
            "--include_source_info",
            f"--descriptor_set_out={compiled}",
            *sorted(str(path.relative_to(PROTOS)) for path in PROTOS.rglob("*.proto")),
        ],
        check=True,
        cwd=PROTOS,
    )
    files = descriptor_pb2.FileDescriptorSet.FromString(compiled.read_bytes()).file
    return Contract(tuple(files))


def refusal_of(read: Callable[[], object]) -> Refusal:
    """The refusal with which a reading ends."""
    with pytest.raises(Refusal) as caught:
        read()
    return caught.value
