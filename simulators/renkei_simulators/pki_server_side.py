"""Whose fault it is where a server's certificate is not trusted: the server's, or the caller's roots.

OpenSSL names the rule that was broken, not the side that broke it. The server's own certificate
tells: whether it is good by itself, and whether this world's authority signed it. (invented)
"""

from datetime import datetime
from pathlib import Path

from cryptography.x509.oid import ExtendedKeyUsageOID

from renkei.refusals import Refusal
from renkei_pki.authority import ROOT, Authority
from renkei_pki.certificates import Leaf
from renkei_pki.examination import Chain, Unfit
from renkei_pki.handshake import Met
from renkei_simulators.world.layout import Layout


def distrust(layout: Layout, met: Met, address: str, roots: Path, now: datetime) -> Unfit:
    """Why a server was not trusted, and what the side that is to blame does next."""
    shown = f"the server at {address} shows a certificate"
    if not met.shown_pem:
        return Unfit(f"{shown} that is not trusted ({met.distrusted})", _ANEW, _ANEW_JA)
    chain = Chain.parse(met.shown_pem)
    try:
        chain.require_time(now)
        chain.require_usage(ExtendedKeyUsageOID.SERVER_AUTH)
    except Unfit as unfit:
        return Unfit(
            f"the server at {address} is at fault, not your files: {unfit.wrong}", _ANEW, _ANEW_JA
        )
    domain = _domain(met.shown_pem)
    authority = layout.authority(domain) / ROOT
    if not domain or not authority.exists():
        of = f" of {domain}" if domain else ""
        return Unfit(
            f"{shown}{of} that this root does not vouch for, and this world has no such trust "
            f"domain ({met.distrusted})",
            "call a server of this world, or use the roots.pem of that server's own world",
            f"{address}のサーバーの証明書はこのルートでは確認できません。この世界のサーバーを呼ぶか、そのサーバーの世界のroots.pemを使ってください。",
        )
    if not Authority.load(authority.parent).signed(met.shown_pem):
        return Unfit(
            f"the server at {address} is at fault, not your files: its certificate is of {domain} "
            "of another world",
            f"give it one of this world (`renkei pki issue`, or start this world's own server); "
            f"make sure that no other world listens at {address}",
            f"{address}のサーバーの証明書は別の世界の{domain}のものです。この世界の証明書を使わせるか、別の世界が待ち受けていないか確認してください。",
        )
    if authority.read_bytes().strip() in roots.read_bytes():
        return Unfit(
            f"the server at {address} is at fault, not your files: it shows its certificate "
            "without the issuing CA behind it",
            "let it show the whole chain.pem",
            f"{address}のサーバーが発行認証局の証明書を示していません。chain.pem全体を示すようにしてください。",
        )
    return Unfit(
        f"your files are at fault: the server at {address} is of {domain} of this world, and your "
        "roots are not this world's",
        f"trust {authority}, and show a certificate of this world (`renkei pki issue`)",
        f"手元のルートがこの世界のものではありません。{authority}を信頼し、この世界の証明書を示してください（`renkei pki issue`）。",
    )


_ANEW = "the server needs a new one: `renkei pki rotate SEAT`, or `renkei pki issue` for your own"
_ANEW_JA = (
    "サーバーの証明書に問題があり、手元のファイルのせいではありません。`renkei pki rotate SEAT`で"
    "更新するか、自分のサーバーなら`renkei pki issue`で発行してください。"
)


def _domain(pem: bytes) -> str:
    try:
        return Leaf.parse(pem).identity.domain
    except Refusal:
        return ""
