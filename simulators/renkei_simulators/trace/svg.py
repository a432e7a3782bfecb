"""The few SVG elements that a drawing is made of. Escaping is the element tree's."""

from xml.etree.ElementTree import Element, SubElement


def shape(parent: Element, tag: str, kind: str, **places: float) -> Element:
    """A shape of a class of the style sheet, its attributes numbers."""
    numbers = {name: f"{place:g}" for name, place in places.items()}
    return SubElement(parent, tag, {"class": kind, **numbers})


def path(parent: Element, kind: str, steps: str) -> Element:
    """A path."""
    return SubElement(parent, "path", {"class": kind, "d": steps})


def label(parent: Element, kind: str, x: float, y: float, text: str) -> Element:
    """A line of text; Japanese is marked, so that its own glyphs are taken."""
    line = SubElement(parent, "text", {"class": kind, "x": f"{x:g}", "y": f"{y:g}"})
    line.text = text
    if any(character > "\u2fff" for character in text):
        line.set("lang", "ja")
    return line


def broken(text: str, longest: int) -> list[str]:
    """Text in lines of at most so many characters, broken between words."""
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > longest:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines
