"""The best text of a MIME tree, and everything else of it as attachments: nothing that somebody sent is dropped."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from tickets.channels.mail import markup
from tickets.channels.mail.headers import one_line
from tickets.channels.mail.markup import MOST_LINES
from tickets.channels.mail.quoting import Line, Mark, Split, split
from tickets.channels.mail.structure import MESSAGES, Node

LONGEST_TEXT = 500_000  # bytes of one part that are read; a longer part is attached as a whole, too
MOST_TEXT = 1_500_000  # bytes of all parts
LONGEST_FILE_NAME = 500  # characters; whoever stores fewer must take secrets out first
FEW_WORDS = 40  # words: a plain part with fewer may only say "use another program"

_TEXTS = frozenset({"text/plain", "text/html", "text/enriched", "text/richtext"})
_OTHER_VERSIONS = frozenset({"text/x-amp-html", "text/watch-html"})  # the same words for special programs
_ENDINGS = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/heic": "heic",
    "application/pdf": "pdf",
    "application/zip": "zip",
    "application/ms-tnef": "dat",
    "application/json": "json",
    "application/pgp-signature": "asc",
    "application/pkcs7-signature": "p7s",
    "application/pkcs7-mime": "p7m",
    "message/rfc822": "eml",
    "message/global": "eml",
    "text/plain": "txt",
    "text/html": "html",
    "text/csv": "csv",
    "text/calendar": "ics",
    "text/vcard": "vcf",
    "text/x-vcard": "vcf",
    "message/delivery-status": "txt",
    "text/rfc822-headers": "txt",
}


@dataclass(frozen=True)
class Part:
    """A file of the message. `name` is safe as a name, not as a promise of what is inside: `declared_type` is only
    what the sender says. `inline` is whether it stands inside the text."""

    name: str
    declared_type: str
    data: bytes
    content_id: str = ""
    inline: bool = False


@dataclass(frozen=True)
class Body:
    """`whole` is all the text in its order; `words` what is new of it. Forwarded messages stand in the quoted text."""

    words: Split
    whole: str
    html_only: bool
    attachments: tuple[Part, ...]


@dataclass
class _Text:
    """A leaf that may be read, and how much of it is."""

    node: Node
    limit: int

    @property
    def is_page(self) -> bool:
        return self.node.type == "text/html"

    @cached_property
    def lines(self) -> list[Line]:
        text = _clean(self.node.text(self.limit))
        found = markup.page(text) if self.is_page else _plain_lines(self.node, text)
        return [line for _, line in zip(range(MOST_LINES), found, strict=False)]

    @cached_property
    def whole(self) -> str:
        return _whole(self.lines)

    @property
    def is_cut(self) -> bool:
        return len(self.lines) >= MOST_LINES or len(self.node.data) > self.limit


@dataclass
class _Gathered:
    """The leaves of a tree: those that are read, those that are attached, and pages for the pictures they show."""

    texts: list[_Text] = field(default_factory=list)
    files: list[Node] = field(default_factory=list)
    pages: list[_Text] = field(default_factory=list)

    def add(self, other: "_Gathered", *, with_texts: bool) -> None:
        self.texts += other.texts if with_texts else []
        self.files += other.files
        self.pages += other.pages


def body(root: Node) -> Body:
    """What the person wrote and sent along."""
    gathering = _Gathering()
    found = gathering.gather(root)
    lines = _joined(found.texts)
    words = split(lines)
    forwarded = [_forwarded(node, gathering) for node in found.files if node.type in MESSAGES]
    calendar = "" if any(line.text.strip() for line in lines) else _of_calendar(found.files)
    return Body(
        Split(words.text or calendar, "\n\n".join(filter(None, [words.quoted, *forwarded])), words.is_interleaved),
        _whole(lines) or calendar,
        bool(found.texts) and all(text.is_page for text in found.texts),
        tuple(_attached([*found.files, *(text.node for text in found.texts if text.is_cut)], found.pages)),
    )


# Which leaves are read


@dataclass
class _Gathering:
    """Goes through a tree; `left` is how many bytes may still be read."""

    left: int = MOST_TEXT

    def gather(self, node: Node) -> _Gathered:
        if node.type in MESSAGES:
            return _Gathered(files=[node])
        if node.type == "multipart/alternative":
            return _chosen([self.gather(child) for child in node.children])
        if not node.children:
            return self._leaf(node)
        found = _Gathered()
        for child in node.children:
            _add_part(self.gather(child), found)
        return found

    def _leaf(self, leaf: Node) -> _Gathered:
        if leaf.type in _OTHER_VERSIONS:
            return _Gathered()
        if leaf.type not in _TEXTS or leaf.disposition == "attachment":
            return _Gathered(files=[leaf])
        text = _Text(leaf, max(0, min(LONGEST_TEXT, self.left)))
        self.left -= leaf.stop - leaf.start
        return _Gathered([text], [], [text] if text.is_page else [])


def _add_part(part: _Gathered, found: _Gathered) -> None:
    """A text with a name is a file, unless it is the only text so far: some programs name their bodies."""
    is_file = bool(part.texts) and bool(found.texts) and all(text.node.name for text in part.texts)
    found.files += [text.node for text in part.texts] if is_file else []
    found.add(part, with_texts=not is_file and not _says_the_same(part.texts, found.texts))


def _says_the_same(texts: Sequence[_Text], before: Sequence[_Text]) -> bool:
    """A page beside its plain text where no part says that they are one."""
    if [text.is_page for text in texts] != [True] or [text.is_page for text in before] != [False]:
        return False
    return "".join(texts[0].whole.split()) == "".join(before[0].whole.split())


def _chosen(versions: Sequence[_Gathered]) -> _Gathered:
    """The plain version where it holds the words, else the page; files of all versions."""
    plain = [version for version in versions if not version.pages and _has_words(version)]
    pages = [version for version in versions if version.pages and _has_words(version)] if _may_be_stub(plain) else []
    chosen = plain[0] if plain and not (pages and _is_stub(plain[0], pages[-1])) else pages[-1] if pages else None
    found = _Gathered()
    for version in versions:
        found.add(version, with_texts=version is chosen)
    return found


def _has_words(version: _Gathered) -> bool:
    return any(text.whole for text in version.texts)


def _may_be_stub(plain: Sequence[_Gathered]) -> bool:
    """No plain words, or few: else nobody needs to read the page."""
    return not plain or sum(len(text.whole.split()) for text in plain[0].texts) < FEW_WORDS


def _is_stub(plain: _Gathered, page: _Gathered) -> bool:
    """Most of the plain words are not on the longer page: "your program cannot show this message"."""
    words, shown = (" ".join(text.whole for text in version.texts) for version in (plain, page))
    missing = sum(word not in shown for word in words.split())
    return len(words) < len(shown) and len(words) <= 400 and missing * 2 > len(words.split())


# Lines


def _joined(texts: Sequence[_Text]) -> list[Line]:
    """The lines of some texts, one after the other, a blank line between."""
    lines: list[Line] = []
    for text in texts:
        if lines and text.lines:
            lines.append(Line(""))
        lines += text.lines[: max(0, MOST_LINES - len(lines))]
    return lines


_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202d\u202e\ud800-\udfff\ufffe\uffff]")


def _clean(text: str) -> str:
    """One kind of line end, and no character that is none."""
    return _CONTROLS.sub("", _LINE_ENDS.sub("\n", text))


def _plain_lines(node: Node, text: str) -> Iterator[Line]:
    if node.type in ("text/enriched", "text/richtext"):
        text = re.sub(r"<(?!<)[^<>]{0,80}>", "", text.replace("<nl>", "\n"))
    lines = text.split("\n")
    if node.parameter("format").lower() == "flowed":
        return _unflowed(lines, node.parameter("delsp").lower() == "yes")
    return map(Line, lines)


_DEPTH = re.compile(">*")


def _unflowed(lines: Sequence[str], drops_space: bool) -> Iterator[Line]:
    """RFC 3676: lines that end with a blank go on in the next one of the same depth of quotes, and a blank in front
    says that a mark behind it is the person's own."""
    pieces: list[str] = []
    depth = 0
    for line in lines:
        marks = len(_DEPTH.match(line)[0])  # type: ignore[index]
        words = line[marks:].removeprefix(" ")
        if pieces and (marks != depth or words == "-- "):
            yield _unstuffed(depth, pieces)
            pieces = []
        depth = marks
        goes_on = words.endswith(" ") and words != "-- "
        pieces.append(words[:-1] if goes_on and drops_space else words)
        if not goes_on:
            yield _unstuffed(depth, pieces)
            pieces = []
    if pieces:
        yield _unstuffed(depth, pieces)


def _unstuffed(depth: int, pieces: Sequence[str]) -> Line:
    words = "".join(pieces)
    if depth:
        return Line(f"{'>' * depth} {words}")
    return Line(words, Mark.OWN if words.startswith(">") else Mark.NONE)


def _whole(lines: Sequence[Line]) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.text.rstrip() for line in lines)).strip("\n")


def _of_calendar(files: Sequence[Node]) -> str:
    """What an invitation says, where nothing else does."""
    invitations = [node for node in files if node.type == "text/calendar"]
    if not invitations:
        return ""
    text = re.sub(r"\n[ \t]", "", _clean(invitations[0].text(LONGEST_TEXT)))
    found = re.findall(r"(?mi)^(?:SUMMARY|DESCRIPTION|COMMENT|LOCATION)(?:;[^:\n]{0,200})?:(.+)$", text)
    return "\n".join(re.sub(r"\\([nN,;\\])", _unescaped, line) for line in found)


def _unescaped(match: re.Match[str]) -> str:
    return "\n" if match[1] in "nN" else match[1]


# Files


def _forwarded(node: Node, gathering: _Gathering) -> str:
    """The text of a message inside, below the fields that say whose it is."""
    inner = node.children[0]
    fields = (f"{name.title()}: {inner.fields.words(name, 200)}" for name in ("from", "date", "subject"))
    text = _whole(_joined(gathering.gather(inner).texts))
    return "\n".join([*(line for line in fields if not line.endswith(": ")), "", text]).strip()


def _attached(nodes: Sequence[Node], pages: Sequence[_Text]) -> Iterator[Part]:
    pictures = _pictures(pages)
    for number, node in enumerate(nodes, start=1):
        is_picture = node.disposition == "inline" and node.type.startswith("image/")
        shown = bool(node.content_id) and node.content_id in pictures
        yield Part(_file_name(node, number), node.type, node.data, node.content_id[:200], shown or is_picture)


def _pictures(pages: Sequence[_Text]) -> frozenset[str]:
    """The content ids that pages show, read or not."""
    found = (re.findall(rb"(?i)cid:([^\"'\s>)]{1,200})", page.node.data) for page in pages)
    return frozenset(name.decode("utf-8", "replace") for names in found for name in names)


def _file_name(node: Node, number: int) -> str:
    """A name without folders and control characters; one of ours where there is none."""
    given = one_line(re.split(r"[/\\]", node.name)[-1], 1000).strip(". ")
    if not given and node.type in MESSAGES:
        subject = node.children[0].fields.words("subject", LONGEST_FILE_NAME)  # whole: the guard has not seen it
        given = one_line(re.sub(r"[/\\:]", " ", subject), LONGEST_FILE_NAME - 4).strip(". ")
        given = f"{given}.eml" if given else ""
    if not given:
        return f"{node.type.partition('/')[0]}-{number}.{_ENDINGS.get(node.type, 'bin')}"
    stem, dot, ending = given.rpartition(".")
    return f"{stem[: LONGEST_FILE_NAME - 12]}{dot}{ending[:11]}" if len(given) > LONGEST_FILE_NAME else given
