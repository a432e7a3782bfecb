"""The committed code of the protos, and the oldest libraries that can import it."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROTOS = ROOT / "protos"

Version = tuple[int, ...]


def version(text: str) -> Version:
    return tuple(int(part) for part in text.split("."))


def generated_with(suffix: str, line: str) -> dict[str, Version]:
    """The version that each generated file names."""
    found = {}
    for path in PROTOS.rglob(f"*{suffix}"):
        named = re.search(line, path.read_text())
        assert named, path
        found[path.name] = version(named[1])
    return found


def generators() -> dict[str, set[Version]]:
    """By distribution, the versions of the generators that wrote the committed code."""
    messages = generated_with("_pb2.py", r"# Protobuf Python Version: ([\d.]+)")
    services = generated_with("_pb2_grpc.py", r"GRPC_GENERATED_VERSION = '([\d.]+)'")
    return {"protobuf": set(messages.values()), "grpcio": set(services.values())}


def floor(distribution: str) -> Version:
    """The lowest version that the product says it can be installed with."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = [one for extra in project["optional-dependencies"].values() for one in extra]
    for one in [*project["dependencies"], *extras]:
        if stated := re.fullmatch(rf"{distribution}>=([\d.]+)", one):
            return version(stated[1])
    raise AssertionError(f"{distribution} has no floor")


@pytest.mark.parametrize("distribution", ["protobuf", "grpcio"])
def test_an_install_at_the_floor_can_import_the_generated_code(distribution: str) -> None:
    """Each generated file refuses a library that is older than its generator."""
    assert floor(distribution) >= max(generators()[distribution])


@pytest.mark.parametrize("distribution", ["protobuf", "grpcio"])
def test_all_generated_code_is_of_one_generator(distribution: str) -> None:
    assert len(generators()[distribution]) == 1


def test_the_generator_that_is_installed_is_not_older_than_the_one_that_was_used() -> None:
    assert floor("grpcio-tools") >= max(generators()["grpcio"])


def test_every_proto_has_its_code_beside_it_and_no_code_is_left_over() -> None:
    protos = {path.with_suffix("") for path in PROTOS.rglob("*.proto")}

    for suffix in ("_pb2.py", "_pb2.pyi", "_pb2_grpc.py"):
        written = PROTOS.rglob(f"*{suffix}")
        assert {path.with_name(path.name.removesuffix(suffix)) for path in written} == protos
