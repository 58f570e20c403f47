"""XLIFF 1.2, one article in one language per file. Pure.

Reading trusts nothing: no DTD, no entities, no network, bounded size and depth. lxml reads and writes it; nothing of
the format is needed beyond a handful of elements.
"""

from collections.abc import Iterator

from django.utils.translation import gettext
from lxml import etree

from helpcenter.content.exchange import Exchange, State, Unit, check_size, checked
from helpcenter.errors import InvalidText

NAMESPACE = "urn:oasis:names:tc:xliff:document:1.2"
OWN = "urn:supportdesk:exchange"  # our attribute on units; tools hand through what they do not know
VERSION = "1.2"

_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_BASE = f"{{{OWN}}}base"
_FINISHED = {"final", "signed-off"}


def write(exchange: Exchange) -> bytes:
    """The exchange as a file. Raises InvalidText where something of it cannot be written."""
    exchange = checked(exchange)
    root = etree.Element(_name("xliff"), version=VERSION, nsmap={None: NAMESPACE, "supportdesk": OWN})
    file = etree.SubElement(root, _name("file"), original=exchange.slug, datatype="x-markdown")
    file.set("source-language", exchange.source_language)
    file.set("target-language", exchange.language)
    file.set("product-version", str(exchange.source_number))
    body = etree.SubElement(file, _name("body"))
    for unit in exchange.units:
        _write_unit(body, unit)
    etree.indent(root)
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return written


def read(data: bytes) -> Exchange:
    """The exchange in a file. Raises InvalidText, whatever the bytes are."""
    check_size(data)
    file = _file(_root(data))
    number = (file.get("product-version") or "").strip()
    return checked(
        Exchange(
            slug=(file.get("original") or "").strip(),
            source_language=_language(file.get("source-language")),
            language=_language(file.get("target-language")),
            source_number=int(number) if number.isascii() and number.isdecimal() and len(number) < 10 else 0,
            units=tuple(_units(file)),
        )
    )


def _name(tag: str) -> str:
    return f"{{{NAMESPACE}}}{tag}"


def _write_unit(body: etree._Element, unit: Unit) -> None:
    element = etree.SubElement(body, _name("trans-unit"), {"id": unit.key, _SPACE: "preserve"})
    if unit.base:
        element.set(_BASE, unit.base)
    if unit.state == State.FINAL:
        element.set("approved", "yes")
    etree.SubElement(element, _name("source")).text = unit.source
    etree.SubElement(element, _name("target"), state=unit.state).text = unit.target or None
    if unit.note:
        etree.SubElement(element, _name("note")).text = unit.note


def _root(data: bytes) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.LxmlError, ValueError, LookupError) as error:
        line = getattr(error, "lineno", None)
        raise InvalidText(gettext("The file is no XML, damaged, or cut short."), line) from error
    if root.getroottree().docinfo.doctype or root.getroottree().docinfo.internalDTD is not None:
        raise InvalidText(gettext("The file holds a document type declaration, which is not taken."))
    if root.tag != _name("xliff") or root.get("version") != VERSION:
        raise InvalidText(gettext("The file is not XLIFF %(version)s.") % {"version": VERSION})
    return root


def _file(root: etree._Element) -> etree._Element:
    files = root.findall(_name("file"))
    languages = {(_language(f.get("source-language")), _language(f.get("target-language"))) for f in files}
    if len(languages) > 1:
        raise InvalidText(gettext("The file mixes languages; give in one language at a time."))
    if len(files) != 1:
        message = gettext("The file holds %(count)d articles; give in one at a time.")
        raise InvalidText(message % {"count": len(files)})
    _check_languages(files[0], *languages.pop())
    return files[0]


def _check_languages(file: etree._Element, source: str, target: str) -> None:
    for tag, language in (("source", source), ("target", target)):
        for unit in file.iter(_name("trans-unit")):
            element = unit.find(_name(tag))
            if element is not None and _language(element.get(_LANG, language)) != language:
                raise InvalidText(gettext("The file mixes languages; give in one language at a time."))


def _units(file: etree._Element) -> Iterator[Unit]:
    for element in file.iter(_name("trans-unit")):
        target = element.find(_name("target"))
        text = _text(target)
        yield Unit(
            key=element.get("id") or "",
            source=_text(element.find(_name("source"))),
            target=text,
            state=_state(element, target, text),
            note=_text(element.find(_name("note"))),
            base=element.get(_BASE) or "",
        )


def _state(unit: etree._Element, target: etree._Element | None, text: str) -> State:
    """The nearest of our states: tools have more of them, and their own."""
    given = (target.get("state") or "") if target is not None else ""
    if given in _FINISHED or unit.get("approved") == "yes":
        return State.FINAL
    if given.startswith("needs-"):
        return State.NEEDS_TRANSLATION
    return State.NEW if given == State.NEW or not (given or text) else State.TRANSLATED


def _text(element: etree._Element | None) -> str:
    """The words of an element, without the tags that tools put around them."""
    return "" if element is None else "".join(element.itertext()).replace("\r\n", "\n").replace("\r", "\n")


def _language(code: str | None) -> str:
    return (code or "").strip().replace("_", "-").lower()
