"""`renkei pki inspect`: what a certificate says, and who says what of it (invented)."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from rich.console import Console
from rich.markup import escape

from renkei.refusals import Refusal
from renkei_pki.certificates import Leaf
from renkei_pki.examination import Chain, Unfit, kind_of, names_of
from renkei_simulators.data_folder import DEFAULT_DATA, Data
from renkei_simulators.listing import Particulars
from renkei_simulators.pki_diagnosis import judgements
from renkei_simulators.terminal import AsJson, write_json
from renkei_simulators.world.definition import WorldError
from renkei_simulators.world.layout import Layout


def inspect(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)],
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,  # noqa: FBT002 - typer's way
) -> None:
    """Show what a certificate says, and what TLS and the door of this world say of it."""
    layout, now = Layout(data.absolute()), datetime.now(UTC)
    try:
        chain = Chain.parse(file.read_bytes())
    except Unfit as unfit:
        raise WorldError(str(unfit), unfit.japanese) from None
    leaf = chain.leaf
    told = _particulars(leaf, file.read_bytes(), now)
    judged = judgements(layout, chain, file.read_bytes(), now)
    if as_json:
        write_json(told | {"judged": [{"by": who, "says": says} for who, says in judged]})
        return
    rows = [
        ("identity", told["identity"] or "none of the expected form"),
        ("names", "\n".join(told["names"]) or "none"),
        ("issuer", told["issuer"]),
        ("serial", told["serial"]),
        ("from", _moment(leaf.not_valid_before_utc)),
        ("until", f"{_moment(leaf.not_valid_after_utc)}, {told['days_left']} days left"),
        ("key", told["key"]),
        ("SHA-256", told["sha256"]),
        *judged,
    ]
    Console().print(Particulars((name, escape(says)) for name, says in rows), highlight=False)


def _particulars(leaf: x509.Certificate, pem: bytes, now: datetime) -> dict[str, Any]:
    """What a certificate says; its identity is None where it has none of the expected form."""
    try:
        identity = Leaf.parse(pem).identity.uri
    except Refusal:
        identity = None
    return {
        "identity": identity,
        "names": names_of(leaf),
        "issuer": leaf.issuer.rfc4514_string(),
        "serial": f"{leaf.serial_number:x}",
        "not_before": leaf.not_valid_before_utc.isoformat(),
        "not_after": leaf.not_valid_after_utc.isoformat(),
        "days_left": (leaf.not_valid_after_utc - now).days,
        "key": kind_of(leaf.public_key()),
        "sha256": leaf.fingerprint(SHA256()).hex(),
    }


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
