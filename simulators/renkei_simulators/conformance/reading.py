"""Cases as they are written (invented).

A case is one TOML file; its folder is the flow step that it tries and its path without the
ending its id, such as `F1.7b/unknown-field`. Everything that can be judged without a server is
judged when a case is read, so that a case with a slip never runs.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from google.protobuf.descriptor import Descriptor

from renkei import reasons
from renkei.networks import JUKINET, LINKAGE
from renkei_server.roles.served import SERVED
from renkei_simulators.conformance.case_error import CaseError
from renkei_simulators.conformance.cases import (
    Answered,
    Caller,
    Case,
    Compared,
    Expectation,
    NoConnection,
    Refused,
    Step,
)
from renkei_simulators.conformance.controls import Fidelity, controls
from renkei_simulators.conformance.requests import RequestError, encode, merged
from renkei_simulators.conformance.tables import Table, one_of, only, table, text, texts
from renkei_simulators.conformance.vocabulary import SAMPLES, VOCABULARY

NETWORKS = ("ward", JUKINET, LINKAGE)


def load(folder: Traversable | None = None) -> tuple[Case, ...]:
    """Every case of a folder, or of the kit, by flow step and name; raises CaseError."""
    root = folder or resources.files("renkei_simulators.conformance").joinpath("cases")
    found = [
        parse(f"{step.name}/{file.name.removesuffix('.toml')}", file.read_text("utf-8"))
        for step in root.iterdir()
        if step.is_dir()
        for file in step.iterdir()
        if file.name.endswith(".toml")
    ]
    if not found:
        msg = f"{root} holds no case: a case is a file such as F1.7b/unknown-field.toml in it"
        raise CaseError(msg)
    return tuple(sorted(found, key=lambda case: (_in_order(case.flow_step), case.id)))


def known_failures(path: Path, cases: Iterable[Case]) -> Mapping[str, str]:
    """Why cases are known to fail, by id: a TOML file of lines `"ID" = "the reason"`.

    Raises CaseError where it names no case, or gives no reason.
    """
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
        found = {case_id: text(told, case_id) for case_id in told}
    except (OSError, TypeError, tomllib.TOMLDecodeError) as error:
        msg = f"{path} cannot be read as a list of known failures: {error}"
        raise CaseError(msg) from error
    if unknown := sorted(found.keys() - {case.id for case in cases}):
        msg = f"{path} names {', '.join(unknown)}, which is no case"
        raise CaseError(msg)
    if silent := sorted(case_id for case_id, reason in found.items() if not reason.strip()):
        msg = f"{path} gives no reason for {', '.join(silent)}"
        raise CaseError(msg)
    return found


def parse(case_id: str, written: str) -> Case:
    """Read one case; raises CaseError that names it."""
    try:
        return _parse(case_id, tomllib.loads(written))
    except (KeyError, TypeError, ValueError, RequestError) as error:
        wrong = f"{error} is missing or unknown" if isinstance(error, KeyError) else str(error)
        msg = f"case {case_id}: {wrong}"
        raise CaseError(msg) from error


def _parse(case_id: str, told: dict[str, object]) -> Case:
    only(told, "title title_ja controls fidelity seat network method caller step", "the case")
    case = Case(
        id=case_id,
        title=text(told, "title"),
        title_ja=text(told, "title_ja"),
        controls=tuple(controls()[one] for one in texts(told, "controls")),
        fidelity=Fidelity.parse(text(told, "fidelity")),
        seat=one_of(text(told, "seat"), SERVED),
        network=one_of(text(told, "network"), NETWORKS),
        method=text(told, "method"),
        caller=_caller(table(told, "caller"), text(told, "network")),
        steps=tuple(_steps(told["step"])),
    )
    _judge(case)
    return case


def _caller(told: Table, network: str) -> Caller:
    only(told, "role institution network certified", "[caller]")
    certified = told.get("certified", True)
    if not isinstance(certified, bool):
        raise TypeError("certified is true or false")
    return Caller(
        role=text(told, "role"),
        institution=text(told, "institution") if "institution" in told else "${institution}",
        network=one_of(text(told, "network"), NETWORKS) if "network" in told else network,
        certified=certified,
    )


def _steps(told: object) -> Iterator[Step]:
    if not isinstance(told, list) or not told:
        raise TypeError("a case has one [[step]] or more")
    first: Table = {}
    for number, step in enumerate(told):
        word = "change" if number else "request"
        only(step, f"{word} unknown_field_in expect", f"step {number + 1}")
        asked = merged(first, table(step, word) if word in step else {})
        first = first if number else asked
        inside = text(step, "unknown_field_in") if "unknown_field_in" in step else None
        yield Step(asked, inside, _expectation(table(step, "expect")))


def _expectation(told: Table) -> Expectation:
    match text(told, "outcome"):
        case "OK":
            only(told, "outcome present compared_with_first", "expect of an answer")
            compared = told.get("compared_with_first")
            return Answered(
                texts(told, "present") if "present" in told else (),
                None if compared is None else Compared(compared),
            )
        case "NO_CONNECTION":
            only(told, "outcome", "expect of no connection")
            return NoConnection()
        case reason:
            only(told, "outcome fields", "expect of a refusal")
            return Refused(reasons.named(reason), texts(told, "fields") if "fields" in told else ())


def _judge(case: Case) -> None:
    """Raise ValueError or RequestError where the case contradicts the contract or itself."""
    if unknown := case.placeholders - VOCABULARY.keys():
        msg = f"there are no placeholders {', '.join(sorted(unknown))}"
        raise ValueError(msg)
    if case.fidelity > max((one.fidelity for one in case.controls), default=Fidelity.INVENTED):
        msg = f"no control of the case is {case.fidelity}, so the case is not either"
        raise ValueError(msg)
    first, *later = (one.expect for one in case.steps)
    if isinstance(first, Answered) and first.compared:
        raise ValueError("the first step cannot be compared with itself")
    compared = any(isinstance(one, Answered) and one.compared for one in later)
    if compared and not isinstance(first, Answered):
        raise ValueError("the first step has no answer with which one could be compared")
    about_unknown = any(
        isinstance(one.expect, Refused) and one.expect.reason is reasons.METHOD_UNKNOWN
        for one in case.steps
    )
    if about_unknown != (case.descriptor is None):
        msg = f"the contract {'has' if case.descriptor else 'has no method'} {case.method}"
        raise ValueError(msg)
    for step in case.steps:
        encode(case.descriptor, step.request, SAMPLES, step.unknown_field_in)
        if case.descriptor is not None and isinstance(step.expect, Answered):
            for path in step.expect.present:
                _require_path(case.descriptor.output_type, path)


def _require_path(message: Descriptor | None, path: str) -> None:
    for name in path.split("."):
        field = message.fields_by_name.get(name) if message else None
        if field is None:
            msg = f"the answer has no field {path}"
            raise ValueError(msg)
        message = field.message_type


def _in_order(step: str) -> tuple[object, ...]:
    """Flow steps as they follow each other: F1.7b before F1.10."""
    flow, _, rest = step.partition(".")
    digits = "".join(one for one in rest if one.isdigit())
    return flow, int(digits or 0), rest
