"""Which parts are the writer's words, and which are files beside them. RFC 2046, 2387, 1847, 3462, 3676."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from channels.email.reading import limits, smime, tnef
from channels.email.reading.attachments import EXTENSIONS, Folder
from channels.email.reading.charset import decode, reads_as_binary
from channels.email.reading.headers import Headers
from channels.email.reading.html import LOOKS_LIKE_HTML, to_text
from channels.email.reading.mime import Part, payload, split_headers, uudecode
from channels.email.reading.mime import parse as parse_mime
from channels.email.reading.words import clean_marked, clean_text, tidy

_WORDS = {"text/plain", "text/html", "text/enriched", "text/richtext", "application/xhtml+xml", "text", "plain/text"}
_HTML = {"text/html", "application/xhtml+xml"}
_ENCRYPTED = {"application/pkcs7-mime", "application/x-pkcs7-mime"}
_REPORTS = {
    "message/delivery-status",
    "message/global-delivery-status",
    "message/disposition-notification",
    "message/global-disposition-notification",
    "text/rfc822-headers",
    "message/rfc822-headers",
}
_MESSAGES = {"message/rfc822", "message/global"}
_ARMOUR = re.compile("^-----BEGIN PGP MESSAGE-----", re.M)
_STUB = re.compile(
    r"(不支持|无法显示|無法顯示|不支援).{0,12}html|html.{0,20}(mail|邮件|format|格式|view)|does not support html", re.I
)


@dataclass(kw_only=True, slots=True)
class Body:
    """What a mail consists of, gathered part by part."""

    texts: list[str] = field(default_factory=list)
    files: Folder
    hidden: list[str] = field(default_factory=list)
    reports: list[tuple[str, bytes]] = field(default_factory=list)  # delivery-status and the like
    returned: list[bytes] = field(default_factory=list)  # attached messages, whole
    calendar: bool = False
    encrypted: bool = False
    charset: str = ""  # the codec of the first words

    @property
    def text(self) -> str:
        return tidy("\n\n".join(text for text in self.texts if text.strip()))[: limits.TEXT_CHARS]


def read_body(root: Part, warnings: limits.Warnings) -> Body:
    """Words and files of a whole mail."""
    body = Body(files=Folder(warnings))
    _Reader(body, warnings).read(root)
    if sum(map(len, body.texts)) > limits.TEXT_CHARS:
        warnings.add("text_too_long")
    if body.hidden:
        warnings.add("hidden_text")
    return body


class _Reader:
    def __init__(self, body: Body, warnings: limits.Warnings) -> None:
        self.body = body
        self.warnings = warnings

    def read(self, part: Part) -> None:
        """Take one part, and those within it, in the order a mail client shows them."""
        with self.warnings.instead_of_raising("part"):
            if part.children:
                self._several(part)
            elif part.kind.startswith("multipart/"):
                self._empty_multipart(part)
            else:
                self._single(part)

    def _several(self, part: Part) -> None:
        if part.kind == "multipart/alternative":
            self._best_of(part.children)
        elif part.kind == "multipart/related":
            self._related(part)
        else:
            for child in part.children:
                self.read(child)

    def _best_of(self, alternatives: tuple[Part, ...]) -> None:
        """One of several tellings of the same: the plain one, unless it is a stub that says less."""
        tellings = []
        for alternative in alternatives:
            telling = Body(files=self.body.files)
            before = len(self.body.files.files)
            _Reader(telling, self.warnings).read(alternative)
            files = len(self.body.files.files) > before
            tellings.append((telling, _is_html(alternative), files))
        chosen = _richest([(telling, is_html) for telling, is_html, _ in tellings])
        for telling, _, _ in tellings:
            self.body.reports += telling.reports
            self.body.returned += telling.returned
            self.body.calendar |= telling.calendar
            self.body.encrypted |= telling.encrypted
            self.body.hidden += telling.hidden
        if chosen:
            self.body.texts += chosen.texts
            self.body.charset = self.body.charset or chosen.charset

    def _related(self, part: Part) -> None:
        start = part.content_type.get("start")
        children = part.children
        root = next((child for child in children if start and child.headers.text("content-id") == start), children[0])
        self.read(root)
        for child in children:
            if child is not root:
                self.read(child)

    def _empty_multipart(self, part: Part) -> None:
        """A multipart without parts: whatever stands there is what the writer sent."""
        self.warnings.add("multipart_without_parts")
        body = part.body.strip()
        if not body or body.startswith(b"--"):
            body = re.sub(rb"(?m)^--.*$", b"", body).strip()
        if body:
            self._words(body, part)

    def _single(self, part: Part) -> None:
        content = payload(part, self.warnings)
        if part.kind in _MESSAGES:
            self._attached_message(part, content)
        elif part.kind in _REPORTS:
            self.body.reports.append((part.kind, content))
        elif part.kind in _ENCRYPTED or (part.kind == "application/octet-stream" and part.declared_name == "smime.p7m"):
            self._sealed(part, content)
        elif self._is_words(part, content):
            self._words(content, part)
        else:
            self._file(part, content)

    def _is_words(self, part: Part, content: bytes) -> bool:
        if part.disposition.value == "attachment" or part.kind not in _WORDS or part.declared_name:
            return False
        return not reads_as_binary(content, part.content_type.get("charset"))

    def _words(self, content: bytes, part: Part) -> None:
        if b"begin " in content[:2_000_000] and part.kind == "text/plain":
            content = self._without_uuencoded(content)
        decoded = decode(content, part.content_type.get("charset"))
        if decoded.replaced:
            self.warnings.add(f"unreadable_characters:{min(decoded.replaced, 9999)}")
        self.body.charset = self.body.charset or decoded.used
        text = decoded.text
        if part.kind in _HTML or (LOOKS_LIKE_HTML.match(text) and "</" in text):
            page = to_text(clean_text(text), self.warnings)
            self.body.hidden += [page.hidden] if page.hidden else []
            text = clean_marked(page.text)
        else:
            text = clean_text(text)
            if part.kind in {"text/enriched", "text/richtext"}:
                text = re.sub(r"<[^<>\n]{1,60}>", "", text)
            elif part.content_type.get("format").lower() == "flowed":
                text = _unflowed(text, delsp=part.content_type.get("delsp").lower() == "yes")
        if _ARMOUR.search(text):
            self._say_encrypted()
        self.body.texts.append(text)

    def _without_uuencoded(self, content: bytes) -> bytes:
        for _ in range(20):
            name, file, rest = uudecode(content)
            if not file:
                break
            self.body.files.add(name, "application/octet-stream", file)
            content = rest
        return content

    def _attached_message(self, part: Part, content: bytes) -> None:
        """Evidence, not the writer's words: kept as the bytes it is, named after its subject."""
        self.body.returned.append(content)
        block, _ = split_headers(content[: limits.HEADER_BYTES])
        name = part.declared_name
        if not name:
            from channels.email.reading.headers import parse_fields

            subject = Headers(fields=parse_fields(block)).text("subject")
            name = f"{subject[:80].replace('.', '_')}.eml" if subject else ""
        self.body.files.add(name, "message/rfc822", content)

    def _sealed(self, part: Part, content: bytes) -> None:
        """S/MIME: a signed letter can be opened, an encrypted one must be sent again."""
        inner = smime.signed_content(content, self.warnings)
        self.body.files.add(part.declared_name or "smime.p7m", part.kind, content)
        if inner:
            self.read(parse_mime(inner, self.warnings))
        else:
            self._say_encrypted()

    def _say_encrypted(self) -> None:
        self.body.encrypted = True
        self.warnings.add("encrypted")

    def _file(self, part: Part, content: bytes) -> None:
        if part.kind == "text/calendar":
            self.body.calendar = True
        if part.kind == "application/pgp-encrypted":
            self._say_encrypted()
        if tnef.is_tnef(part.kind, part.declared_name, content):
            self._winmail(content)
        if not content and not part.declared_name and part.disposition.value != "attachment":
            return
        inline = (
            part.headers.has("content-id") and part.kind.startswith("image/") and part.disposition.value != "attachment"
        )
        kind = part.kind if "/" in part.kind else "application/octet-stream"
        self.body.files.add(part.declared_name, kind, content, inline=inline)

    def _winmail(self, content: bytes) -> None:
        inside = tnef.unwrap(content, self.warnings)
        if not any(text.strip() for text in self.body.texts):
            page = to_text(clean_text(inside.html), self.warnings) if inside.html else None
            text = inside.text if inside.text.strip() else (page.text if page else "")
            if text.strip():
                self.body.texts.append(clean_marked(text))
        for file in inside.files:
            self.body.files.add(file.name, _kind_by_name(file.name), file.content)


def _kind_by_name(name: str) -> str:
    extension = "." + name.rpartition(".")[2].lower()
    return next((kind for kind, known in EXTENSIONS.items() if known == extension), "application/octet-stream")


def _is_html(part: Part) -> bool:
    return any(inner.kind in _HTML for inner in part.walk())


def _richest(tellings: list[tuple[Body, bool]]) -> Body | None:
    """Plain text is what the writer typed; HTML wins where the plain text is empty, a stub, or a fraction of it."""
    plain = next((telling for telling, is_html in tellings if not is_html and telling.text), None)
    html = next((telling for telling, is_html in reversed(tellings) if is_html and telling.text), None)
    if plain is None or html is None:
        return plain or html
    said, shown = _length(plain.text), _length(html.text)
    stub = said * 3 < shown or (_STUB.search(plain.text) is not None and said < 200 and said < shown)
    broken = plain.text.count("\ufffd") > html.text.count("\ufffd") or (
        _is_questions(plain.text) and not _is_questions(html.text)
    )
    return html if stub or broken else plain


def _length(text: str) -> int:
    return len(re.sub(r"\s|&nbsp;|[\ufdd0-\ufdd2]", "", text))


def _is_questions(text: str) -> bool:
    """Chinese that a careless client turned into question marks."""
    plain = re.sub(r"\s", "", text)
    return plain.count("?") * 2 > len(plain) > 10


def _unflowed(text: str, *, delsp: bool) -> str:
    """RFC 3676: a line that ends in a blank goes on in the next one, at the same depth of quotes."""
    lines: list[str] = []
    depth_before, flows = -1, False
    for line in text.split("\n"):
        quotes = re.match(r">*", line)
        depth = len(quotes[0]) if quotes else 0
        content = line[depth:].removeprefix(" ")
        if flows and depth == depth_before:
            lines[-1] += content
        else:
            lines.append(f"{'>' * depth} {content}" if depth else content)
        flows = content.endswith(" ") and content != "-- "
        if flows and delsp:
            lines[-1] = lines[-1][:-1]
        depth_before = depth
    return "\n".join(lines)
