"""`renkei pki`: the certificates of a world's data folder, and why a handshake fails (invented)."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from renkei.refusals import Refusal
from renkei_pki import files
from renkei_pki.authority import REVOCATION_LIST, ROOT, Authority
from renkei_pki.certificates import Leaf
from renkei_pki.credentials import CHAIN, CURRENT, ROOTS
from renkei_pki.examination import Unfit
from renkei_pki.identity import Identity
from renkei_pki.profiles import LEAF_LIFETIME
from renkei_simulators.data_folder import DEFAULT_DATA, Data, world_in
from renkei_simulators.listing import Listing
from renkei_simulators.pki_diagnosis import Files, diagnose
from renkei_simulators.pki_inspection import inspect
from renkei_simulators.pki_rotation import rotate
from renkei_simulators.terminal import AsJson, write_json
from renkei_simulators.world.definition import WorldError
from renkei_simulators.world.layout import Layout

pki = typer.Typer(help="Certificates of a world.", no_args_is_help=True)

File = typer.Option(exists=True, dir_okay=False)


@pki.command()
def init(
    domain: Annotated[str, typer.Option(help="Trust domain, such as jukinet or ward-131148.")],
    data: Data = DEFAULT_DATA,
) -> None:
    """Make the authority of a trust domain that has none, for a world of your own."""
    try:
        Identity.parse(Identity(domain, "jlis", "admin").uri)
    except Refusal:
        msg = f"{domain} cannot name a trust domain: use lower-case letters, digits and hyphens"
        raise WorldError(
            msg,
            f"{domain}は信頼ドメインの名前にできません。英小文字、数字、ハイフンを使ってください。",
        ) from None
    folder = Layout(data.absolute()).authority(domain)
    if folder.exists():
        msg = f"{data} has an authority of {domain} already: what it certified would be lost"
        raise WorldError(
            msg,
            f"{data}には{domain}の認証局がすでにあります。作り直すと発行済みの証明書が無効になります。",
        )
    Authority.create(folder, domain, now=datetime.now(UTC))
    Console().print(f"made the authority of {domain}", highlight=False)
    _show(f"its root, by which everybody there is judged: {folder / ROOT}")
    _show(f"its revocation list, good for 30 days: {folder / REVOCATION_LIST}")


@pki.command()
def issue(
    csr: Annotated[
        Path, typer.Option(help="Certificate signing request, PEM, ECDSA P-256.", exists=True)
    ],
    identity: Annotated[str, typer.Option(help="spiffe://DOMAIN.renkei.test/INSTITUTION/ROLE")],
    out: Annotated[Path, typer.Option(help="Folder for chain.pem and roots.pem.")],
    days: Annotated[int, typer.Option(min=1, max=1_800, help="How long it is good for.")] = (
        LEAF_LIFETIME.days
    ),
    expired: Annotated[bool, typer.Option("--expired", help="For tests: it ran out.")] = False,  # noqa: FBT002 - typer's way
    not_yet: Annotated[bool, typer.Option("--not-yet", help="For tests: good in a day.")] = False,  # noqa: FBT002
    data: Data = DEFAULT_DATA,
) -> None:
    """Certify the key of a seat that you bring; the key itself stays with you."""
    wanted = Identity.parse(identity)
    begins = _begins(days, expired=expired, not_yet=not_yet)
    if (out / CURRENT).exists():
        msg = f"{out} holds a seat's own key and certificate: renew them with `renkei pki rotate`"
        raise WorldError(
            msg,
            f"{out}にはシート自身の鍵と証明書があります。`renkei pki rotate`で更新してください。",
        )
    layout = Layout(data.absolute())
    authority = _authority(layout, wanted.domain)
    lifetime = timedelta(days=days)
    chain = authority.issue_for(csr.read_bytes(), wanted, now=begins, lifetime=lifetime)
    out.mkdir(parents=True, exist_ok=True)
    files.replace(out / CHAIN, chain)
    files.replace(out / ROOTS, (layout.authority(wanted.domain) / ROOT).read_bytes())
    _show(f"wrote {out / CHAIN} and {out / ROOTS} for {wanted}")
    Console().print(f"clients will expect the name [bold]{wanted.dns}", highlight=False)


def _begins(days: int, *, expired: bool, not_yet: bool) -> datetime:
    """From when a certificate is good that is to be good, or to have run out, or neither."""
    if expired and not_yet:
        msg = "name one of --expired and --not-yet"
        raise WorldError(msg, "--expiredと--not-yetはどちらか一方だけを指定してください。")
    now = datetime.now(UTC)
    if expired:
        return now - timedelta(days=days, hours=1)
    return now + timedelta(days=1) if not_yet else now


@pki.command("list")
def list_issued(
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,  # noqa: FBT002 - typer's way
) -> None:
    """Show every certificate that the world's authorities issued."""
    now, layout = datetime.now(UTC), Layout(data.absolute())
    issued = [
        {
            "identity": one.identity.uri,
            "serial": f"{one.serial:x}",
            "not_after": one.not_after.isoformat(),
            "days_left": (one.not_after - now).days,
            "revoked": one.revoked,
        }
        for authority in _authorities(layout)
        for one in authority.issued()
    ]
    if as_json:
        write_json(issued)
        return
    table = Listing("identity", "serial", "ends", "days left", "state")
    for row in issued:
        state = _state(days_left=int(str(row["days_left"])), revoked=bool(row["revoked"]))
        ends = str(row["not_after"])[:10]
        table.add_row(str(row["identity"]), str(row["serial"]), ends, str(row["days_left"]), state)
    Console().print(table)


@pki.command()
def revoke(
    identity: Annotated[str, typer.Option(help="Every certificate of this identity.")] = "",
    serial: Annotated[str, typer.Option(help="One serial, as `list` shows it.")] = "",
    file: Annotated[Path | None, File] = None,
    domain: Annotated[str, typer.Option(help="Trust domain of a serial without record.")] = "",
    data: Data = DEFAULT_DATA,
) -> None:
    """Withdraw certificates for good: by identity, by serial or by the certificate's file."""
    if sum(map(bool, (identity, serial, file))) != 1:
        msg = "name one of --identity, --serial and --file"
        raise WorldError(msg, "--identity、--serial、--fileのうち一つだけを指定してください。")
    layout = Layout(data.absolute())
    if identity:
        authority, serials = _serials_of(layout, Identity.parse(identity))
    elif file:
        authority, serials = _serial_in(layout, file)
    else:
        authority, serials = _serial(layout, serial, domain)
    for one in serials:
        authority.revoke(one, now=datetime.now(UTC))
        _show(f"revoked {one:x}")
    _show(
        f"It holds from the next RPC on, at every listener of {authority.domain} that reads "
        f"{layout.authority(authority.domain) / REVOCATION_LIST}, on open connections too."
    )


pki.command()(rotate)
pki.command()(inspect)


@pki.command()
def check(
    cert: Annotated[Path, File],
    key: Annotated[Path, File],
    cacert: Annotated[Path, File],
    server: Annotated[str, typer.Option(help="Identity of the server that is meant.")] = "",
    address: Annotated[str, typer.Option(help="HOST:PORT; else the world's own.")] = "",
    data: Data = DEFAULT_DATA,
) -> None:
    """Tell in one sentence why a server refuses your certificate, and what to do next."""
    layout = Layout(data.absolute())
    meant = Identity.parse(server) if server else None
    if meant and not address:
        address = _address_of(layout, meant)
    if not address:
        msg = "name the server: --server with its identity, --address with its HOST:PORT, or both"
        raise WorldError(
            msg,
            "サーバーを--server（識別名）か--address（HOST:PORT）、または両方で指定してください。",
        )
    try:
        _show(diagnose(layout, Files(cert, key, cacert), meant, address))
    except (Unfit, Refusal) as fault:
        raise WorldError(
            str(fault), fault.japanese if isinstance(fault, Unfit) else fault.reason.japanese
        ) from None


def _authority(layout: Layout, domain: str) -> Authority:
    if not (layout.authority(domain) / ROOT).exists():
        msg = f"the world under {layout.root} has no trust domain {domain}"
        raise WorldError(msg, f"{layout.root}の世界に信頼ドメイン{domain}はありません。")
    return Authority.load(layout.authority(domain))


def _authorities(layout: Layout) -> list[Authority]:
    found = sorted(one.parent.name for one in layout.authority("").glob(f"*/{ROOT}"))
    if not found:
        msg = f"{layout.root} holds no trust domain: make a world or use `renkei pki init`"
        raise WorldError(
            msg,
            f"{layout.root}に信頼ドメインがありません。世界を作るか`renkei pki init`を使ってください。",
        )
    return [_authority(layout, domain) for domain in found]


def _address_of(layout: Layout, server: Identity) -> str:
    seat = world_in(layout.root)[0].seat(f"{server.role}.{server.institution}")
    address = seat.reached.get(server.domain)
    if address is None:
        msg = f"{seat.name} listens on {', '.join(seat.listen)}, not on {server.domain}"
        raise WorldError(msg, f"{seat.name}は{server.domain}では待ち受けていません。")
    return address


def _serials_of(layout: Layout, identity: Identity) -> tuple[Authority, list[int]]:
    authority = _authority(layout, identity.domain)
    serials = [one.serial for one in authority.issued() if one.identity == identity]
    if not serials:
        msg = f"no certificate was issued to {identity}: see `renkei pki list`"
        raise WorldError(
            msg, f"{identity}に発行された証明書はありません。`renkei pki list`で確認してください。"
        )
    return authority, serials


def _serial_in(layout: Layout, file: Path) -> tuple[Authority, list[int]]:
    leaf = Leaf.parse(file.read_bytes())
    authority = _authority(layout, leaf.identity.domain)
    if not authority.signed(file.read_bytes()):
        msg = f"the authority of {authority.domain} in this world did not sign {file}"
        raise WorldError(msg, f"この世界の{authority.domain}の認証局は{file}に署名していません。")
    return authority, [leaf.serial]


def _serial(layout: Layout, text: str, domain: str) -> tuple[Authority, list[int]]:
    try:
        serial = int(text.replace(":", ""), 16)
    except ValueError:
        msg = f"{text} is no serial in hexadecimal digits"
        raise WorldError(msg, f"{text}は16進数のシリアル番号ではありません。") from None
    if domain:
        return _authority(layout, domain), [serial]
    for authority in _authorities(layout):
        if any(one.serial == serial for one in authority.issued()):
            return authority, [serial]
    msg = (
        f"no certificate has the serial {serial:x}; name its trust domain to revoke it all the same"
    )
    raise WorldError(
        msg,
        f"シリアル番号{serial:x}の証明書はありません。それでも失効させるには信頼ドメインを指定してください。",
    )


def _state(*, days_left: int, revoked: bool) -> str:
    if revoked:
        return "[red]revoked"
    return "[yellow]expired" if days_left < 0 else "[green]valid"


def _show(text: str) -> None:
    Console().print(text, highlight=False, soft_wrap=True, markup=False)
