"""The mails of the corpus that are made and not kept (`mails/README.md`). Knows no Django, as the bench reads them."""

import json
from pathlib import Path
from typing import Any

MAILS = Path(__file__).parent / "mails"
CRLF = "\r\n"


def entries() -> list[dict[str, Any]]:
    return json.loads((MAILS / "expected.json").read_text(encoding="utf-8"))


def hostile() -> list[dict[str, Any]]:
    """Those of which a specification says how long they may take."""
    return [entry["generate"] for entry in entries() if "max_seconds" in entry]


def grown(made: dict[str, Any], times: float) -> dict[str, Any]:
    """The same with more in it."""
    size = "n" if "n" in made else "bytes"
    return {**made, size: max(int(made[size] * times), 1)}


def generate(recipe: str, auth: str = "pass", **p: Any) -> bytes:  # noqa: C901 - the recipes of the README
    frm, to = p["from"], p["to"]
    head = []
    if auth == "pass":
        domain = frm.split("@")[1]
        results = f"mx.support.example; dkim=pass header.d={domain}; dmarc=pass header.from={domain}"
        head.append(f"Authentication-Results: {results}")
    head += [f"From: {frm}", f"To: {to}", "Subject: generated", "Date: Fri, 20 Nov 2026 15:42:00 +0000"]
    head += [f"Message-ID: <{recipe}.{len(repr(p))}@example.com>", "MIME-Version: 1.0"]
    plain = "Content-Type: text/plain; charset=us-ascii" + CRLF * 2
    n, size, body = p.get("n", 0), p.get("bytes", 0), plain + "Generated text." + CRLF
    if recipe == "deep_mime":
        top = "".join(f'Content-Type: multipart/mixed; boundary="b{i}"{CRLF * 2}--b{i}{CRLF}' for i in range(n))
        ends = "".join(f"--b{i}--{CRLF}" for i in reversed(range(n)))
        body = top + plain + "Innermost text of the deep tree." + CRLF + ends
    elif recipe == "deep_rfc822":
        nested = ("Content-Type: message/rfc822" + CRLF * 2 + "Subject: inner" + CRLF) * n
        body = nested + plain + "Innermost mail." + CRLF
    elif recipe == "many_parts":
        body = f'Content-Type: multipart/mixed; boundary="m"{CRLF * 2}--m{CRLF}' + plain + "First part of many." + CRLF
        body += "".join(
            f'--m{CRLF}Content-Type: text/plain; name="f{i}.txt"{CRLF}'
            f'Content-Disposition: attachment; filename="f{i}.txt"{CRLF * 2}{i}{CRLF}'
            for i in range(1, n)
        )
        body += "--m--" + CRLF
    elif recipe == "long_header":
        head.append("X-Long: " + (CRLF + " ").join(["x" * 900] * (size // 900)))
    elif recipe == "long_subject":
        head[-4] = "Subject: " + (CRLF + " ").join(["=?utf-8?Q?" + "=C3=A9" * 10 + "?="] * (size // 74))
    elif recipe == "many_headers":
        head += [f"X-H{i}: v" for i in range(n)]
    elif recipe == "many_recipients":
        head.append("Cc: " + ("," + CRLF + " ").join(f"r{i}@evil.example" for i in range(n)))
    elif recipe == "flood":
        body = plain + CRLF.join([(p["word"] * 900)[:900]] * (size // 900)) + CRLF
    elif recipe == "flood_html":
        words = CRLF.join([(p["word"] * 900)[:900]] * (size // 900))
        body = "Content-Type: text/html; charset=us-ascii" + CRLF * 2 + words + CRLF
    return (CRLF.join(head) + CRLF + body).encode("ascii")
