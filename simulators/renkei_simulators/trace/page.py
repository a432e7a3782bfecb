"""A trace as one self-contained page: a drawing, who may know what, and every hop.

The page opens offline: no script, no font, no picture from elsewhere. It holds
names of systems and kinds of values, never a value. Fidelity: invented.
"""

from collections.abc import Sequence
from datetime import timedelta
from importlib import resources
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element, SubElement, tostring

from renkei.roles import Name, role_of
from renkei_server.domain.days import JAPAN
from renkei_simulators.separation.knowledge import Kind, Mark, cell
from renkei_simulators.trace.drawing import draw
from renkei_simulators.trace.legs import leg_of, short
from renkei_simulators.trace.parties import Seat, network_of, place_of
from renkei_simulators.trace.stitching import Hop, Trace

_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"

_SHOWN: Final = {
    Kind.INDIVIDUAL_NUMBER: Name("Individual Number", "個人番号"),
    Kind.RESIDENT_RECORD_CODE: Name("Resident record code", "住民票コード"),
    Kind.PROCESSING_SERIAL: Name("Processing serial", "処理通番"),
    Kind.INTEGRATED_ADDRESS_NUMBER: Name("Integrated address number", "団体内統合宛名番号"),
    Kind.LINK_ID: Name("Link id", "連携用ID"),
    Kind.LINKAGE_CODE: Name("Code", "符号"),
}
_MARKS: Final = {
    Mark.KEEP: ("keep", "keeps"),
    Mark.UNTIL_DONE: ("until-done", "until done"),
    Mark.TRANSIT: ("transit", "passes on"),
    Mark.SEALED: ("sealed", "sealed"),
    Mark.NEVER: ("never", "never"),
}


def write(trace: Trace, path: Path) -> None:
    """Write the page, as UTF-8. Raises OSError."""
    path.write_text(page(trace), encoding="utf-8")


def page(trace: Trace) -> str:
    """The page as text."""
    html, title = Element("html", {"lang": "en"}), _title(trace)
    head = SubElement(html, "head")
    SubElement(head, "meta", {"charset": "utf-8"})
    SubElement(head, "meta", {"http-equiv": "Content-Security-Policy", "content": _POLICY})
    SubElement(head, "meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"})
    _add(head, "title", f"{title.english} · {title.japanese}")
    style = resources.files(__package__).joinpath("page.css").read_text(encoding="utf-8")
    _add(head, "style", style)
    main = SubElement(SubElement(html, "body"), "main")
    _header(main, trace)
    _legend(main, trace)
    figure = SubElement(main, "figure")
    SubElement(figure, "div", {"class": "scroll"}).append(draw(trace))
    _knowledge(main, trace)
    _hops(main, trace)
    _add(main, "footer", "Synthetic data. No value of a person is on this page. Renkei 連携")
    return "<!doctype html>\n" + tostring(html, encoding="unicode", method="html")


def _title(trace: Trace) -> Name:
    title = trace.flow.title
    return Name(f"{title.english}, hop by hop", f"{title.japanese}の道すじ")


def _header(main: Element, trace: Trace) -> None:
    header = SubElement(main, "header")
    _titled(header, "h1", _title(trace))
    _add(header, "p", trace.flow.lead.english, "lead")
    _add(header, "p", trace.flow.lead.japanese, "lead ja").set("lang", "ja")
    milliseconds = (trace.ended - trace.began) / timedelta(milliseconds=1)
    began = trace.began.astimezone(JAPAN)
    done = all(hop.done for hop in trace.hops)
    facts = (
        f"{began:%Y-%m-%d %H:%M:%S %Z}",
        f"{len(trace.hops)} hops",
        f"{milliseconds:,.0f} ms from first to last",
        "every hop done" if done else "not every hop was done",
    )
    _add(header, "p", " · ".join(facts), "facts")


def _legend(main: Element, trace: Trace) -> None:
    legend = SubElement(main, "ul", {"class": "legend"})
    for network in dict.fromkeys(network_of(hop.domain) for hop in trace.hops):
        _legend_line(legend, network.key, f"{network.name.english} {network.name.japanese}")
    _legend_line(legend, "answer", "the answer to a call")


def _legend_line(legend: Element, key: str, text: str) -> None:
    line = SubElement(legend, "li")
    SubElement(line, "span", {"class": f"swatch {key}"})
    _add(line, "span", text)


def _knowledge(main: Element, trace: Trace) -> None:
    section = SubElement(main, "section")
    _titled(section, "h2", Name("Who may know what", "誰が何を知るか"))
    _add(
        section,
        "p",
        "Nobody but the provision network ever meets both a resident record code and a code, and it"
        " never meets an Individual Number or an integrated address number. Keeps: may lie in its"
        " store. Until done: erased from its files once the next hop has acknowledged. Passes on:"
        " seen, never written.",
        "note",
    )
    scroll = SubElement(section, "div", {"class": "scroll"})
    table = SubElement(scroll, "table", {"class": "knowledge"})
    row = SubElement(SubElement(table, "thead"), "tr")
    _add(row, "th", "")
    for name in _SHOWN.values():
        _titled(row, "th", name)
    body = SubElement(table, "tbody")
    for role in _roles(trace):
        row = SubElement(body, "tr")
        _titled(row, "th", role_of(role.role).title)
        for kind in _SHOWN:
            _mark(SubElement(row, "td"), role.role, kind)


def _roles(trace: Trace) -> Sequence[Seat]:
    """One seat for each role of the trace, from left to right."""
    seats = sorted(trace.seats, key=place_of)
    return tuple({seat.role: seat for seat in seats}.values())


def _mark(place: Element, role: str, kind: Kind) -> None:
    key, word = _MARKS[cell(role, kind).mark]
    mark = SubElement(place, "span", {"class": f"mark {key}"})
    SubElement(mark, "i")
    _add(mark, "span", f"{word}, own only" if cell(role, kind).own else word)


def _hops(main: Element, trace: Trace) -> None:
    section = SubElement(main, "section")
    _titled(section, "h2", Name("Every hop", "全ホップ"))
    scroll = SubElement(section, "div", {"class": "scroll"})
    table = SubElement(scroll, "table", {"class": "hops"})
    row = SubElement(SubElement(table, "thead"), "tr")
    for heading in ("Step", "From", "To", "Network", "Method", "Carries", "ms", "Tries", "Outcome"):
        _add(row, "th", heading, "figure" if heading in ("ms", "Tries") else "")
    body = SubElement(table, "tbody")
    for hop in trace.hops:
        _hop(SubElement(body, "tr"), hop)


def _hop(row: Element, hop: Hop) -> None:
    network = network_of(hop.domain)
    _add(row, "td", ", ".join(short(step) for step in hop.steps))
    _add(row, "td", str(hop.caller))
    _add(row, "td", str(hop.callee))
    _add(row, "td", hop.domain, network.key)
    _add(SubElement(row, "td"), "code", hop.method.rpartition(".")[2])
    _add(row, "td", leg_of(hop.method, hop.steps).asks.content)
    _add(row, "td", f"{hop.milliseconds:.1f}", "figure")
    _add(row, "td", str(hop.attempts), "figure")
    _add(row, "td", hop.outcome, "" if hop.done else "failed")


def _titled(parent: Element, tag: str, name: Name) -> None:
    title = _add(parent, tag, f"{name.english} ")
    _add(title, "span", name.japanese, "ja").set("lang", "ja")


def _add(parent: Element, tag: str, text: str, kind: str = "") -> Element:
    element = SubElement(parent, tag, {"class": kind} if kind else {})
    element.text = text
    return element
