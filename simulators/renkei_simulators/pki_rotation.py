"""`renkei pki rotate`: new keys and certificates for whoever a world holds any of (invented)."""

from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from renkei.refusals import Refusal
from renkei_pki import files
from renkei_pki.authority import Authority
from renkei_pki.certificates import Leaf
from renkei_pki.credentials import CHAIN, Credentials
from renkei_pki.custody import Custody
from renkei_server.roles.own_keys import token_of
from renkei_simulators.data_folder import DEFAULT_DATA, Data, world_in
from renkei_simulators.world.certifying import certify
from renkei_simulators.world.configs import seat_config
from renkei_simulators.world.definition import WorldError
from renkei_simulators.world.own_certificates import OwnCertificate, own_certificates


def rotate(
    name: Annotated[
        str, typer.Argument(help="A seat or caller, such as middle-server.131148; else all.")
    ] = "",
    data: Data = DEFAULT_DATA,
) -> None:
    """Give new keys and certificates to the seats and callers of a world; it may be running."""
    now = datetime.now(UTC)
    world, layout = world_in(data)
    ours = [one for one in own_certificates(world, layout) if name in ("", one.name)]
    if not ours:
        msg = f"the world holds no certificate of {name}; see the folders seats and callers"
        raise WorldError(
            msg, f"世界に{name}の証明書がありません。seatsとcallersのフォルダーを確認してください。"
        )
    before = {one.folder: _serial_held(one.folder) for one in ours}
    authorities = {
        domain: Authority.load(layout.authority(domain))
        for domain in {one.identity.domain for one in ours}
    }
    for _, group in groupby(ours, key=lambda one: one.name):
        certificates = list(group)
        seat = certificates[0].seat
        token = token_of(seat_config(world, layout, seat), making=True) if seat else None
        certify(certificates, authorities, token, _renew, now=now)
        for one in certificates:
            _show(f"renewed {one.identity}{_for(one)}; before: {before[one.folder]}")
    for authority in authorities.values():
        authority.renew_list(now=now)
    _show(
        "New connections use them from now on, open ones until they are renewed. The ones "
        "before stay good until they run out or you revoke them with `renkei pki revoke --serial`."
    )


def _renew(credentials: Credentials, folder: Path, custody: Custody) -> None:
    credentials.renew(files.private_folder(folder), custody)


def _for(one: OwnCertificate) -> str:
    """What a certificate is for that is not for all that its seat does."""
    if one.in_token:
        return ", to call with; its key is in the token"
    return ", to listen with; its key is wrapped by the token" if one.seat else ""


def _serial_held(folder: Path) -> str:
    """The serial of the certificate that a folder holds, or that it holds none."""
    try:
        return f"{Leaf.parse((folder / CHAIN).read_bytes()).serial:x}"
    except (OSError, ValueError, Refusal):
        return "none that can be read"


def _show(text: str) -> None:
    Console().print(text, highlight=False, soft_wrap=True, markup=False)
