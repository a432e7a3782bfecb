"""`renkei tables export` and `renkei protos export`: what other programs read."""

import csv
import json
from pathlib import Path

import pytest
from google.protobuf.descriptor_pb2 import FileDescriptorSet
from grpc_tools import protoc
from typer.testing import CliRunner

from renkei import reasons
from renkei_server.domain.law.reading import read
from renkei_server.domain.layouts import shipped
from renkei_simulators.cli import app

Tables = dict[str, list[dict[str, str]]]


@pytest.fixture(scope="module")
def contract(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("contract")
    told = CliRunner().invoke(app, ["protos", "export", str(folder)])
    assert told.exit_code == 0, told.output
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tables") / "new"
    told = CliRunner().invoke(app, ["tables", "export", str(folder)])
    assert told.exit_code == 0, told.output
    return folder


@pytest.fixture(scope="module")
def tables(folder: Path) -> Tables:
    return {one.stem: json.loads(one.read_text("utf-8")) for one in folder.glob("*.json")}


def test_every_reason_is_exported_with_both_sentences(tables: Tables) -> None:
    assert [
        (one["reason"], one["status"], one["passing"] == "true", one["english"], one["japanese"])
        for one in tables["reasons"]
    ] == [
        (one.name, one.status, one.passing, one.english, one.japanese)
        for one in reasons.NAMED.values()
    ]


def test_every_layout_and_each_of_its_items_is_exported(tables: Tables) -> None:
    layouts = shipped().known.values()

    assert [(one["information"], one["version"]) for one in tables["layouts"]] == [
        (one.information_code, str(one.version)) for one in layouts
    ]
    assert [(one["information"], one["item"], one["length"]) for one in tables["items"]] == [
        (layout.information_code, one.code, str(one.length))
        for layout in layouts
        for one in layout.items
    ]


def test_every_row_by_which_an_inquiry_is_decided_is_exported(tables: Tables) -> None:
    rows = [row for table in read().tables for row in table.rows]
    codes = {one["code"] for one in tables["codes"]}

    assert [one["item"] for one in tables["permitted"]] == [row.item for row in rows]
    assert {row.information for row in rows} <= codes


def test_a_table_says_the_same_as_csv_and_as_json(folder: Path, tables: Tables) -> None:
    assert tables
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            assert list(csv.DictReader(file)) == rows


def test_an_exported_contract_compiles_by_itself(contract: Path, tmp_path: Path) -> None:
    """With what comes with every protoc, and nothing of Renkei's own environment."""
    protos = sorted(str(one.relative_to(contract)) for one in contract.rglob("*.proto"))
    known = Path(protoc.__file__).parent / "_proto"
    out = tmp_path / "all.binpb"

    assert protoc.main(["protoc", f"-I{contract}", f"-I{known}", f"-o{out}", *protos]) == 0
    assert {"renkei/control/v1/clock.proto", "google/rpc/error_details.proto"} <= set(protos)


def test_the_descriptor_set_holds_the_whole_contract_and_what_it_imports(contract: Path) -> None:
    held = FileDescriptorSet.FromString((contract / "renkei.binpb").read_bytes())
    names = [file.name for file in held.file]
    protos = {str(one.relative_to(contract)) for one in contract.rglob("*.proto")}

    assert protos <= set(names)
    for place, file in enumerate(held.file):
        assert set(file.dependency) <= set(names[:place])


def test_the_page_beside_the_contract_names_each_of_its_folders(contract: Path) -> None:
    page = (contract / "README.md").read_text("utf-8")
    folders = {str(one.parent.relative_to(contract)) for one in contract.rglob("*.proto")}

    assert [one for one in folders if f"`{one}`" not in page] == []
