"""Files as people attach them: pictures, photos, documents and archives, and how one of them is refused."""

import io
import zipfile
import zlib
from typing import Any

import pytest
from PIL import Image, TiffImagePlugin

from tickets.attachments import AttachmentRejected, examine

PHRASE = " ".join(["abandon"] * 11 + ["about"])


def picture(form: str, size: tuple[int, int] = (40, 20), **options: Any) -> bytes:
    image = Image.new("RGB", size, (200, 30, 30))
    image.paste((20, 20, 200), (0, 0, size[0] // 2, size[1]))
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def photo() -> bytes:
    """A JPEG lying on its side, with the place where it was taken."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90 degrees
    exif[0x010E] = "taken at home"
    exif.get_ifd(0x8825)[2] = tuple(TiffImagePlugin.IFDRational(n) for n in (52, 31, 12))
    return picture("JPEG", exif=exif)


def pdf(*objects: bytes, stream: bytes = b"") -> bytes:
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (number, one) for number, one in enumerate(objects, 1))
    packed = (
        b"9 0 obj\n<< /Type /ObjStm /Filter /FlateDecode >>\nstream\r\n"
        + zlib.compress(stream)
        + b"\nendstream\nendobj\n"
    )
    return b"%PDF-1.7\n" + body + (packed if stream else b"") + b"trailer << /Root 1 0 R >>\n%%EOF\n"


def archive(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as zipped:
        for name in names:
            zipped.writestr(name, "x" * 100)
    return out.getvalue()


def refusal(name: str, data: bytes, declared: str = "") -> str:
    with pytest.raises(AttachmentRejected) as caught:
        examine(name, data, declared)
    return caught.value.code


HAR = {
    "log": {
        "version": "1.2",
        "entries": [
            {
                "startedDateTime": "2026-11-22T12:00:00Z",
                "request": {
                    "method": "POST",
                    "url": "https://northgate.example/api/order?token=CANARY",
                    "cookies": [{"name": "sessionid", "value": "CANARY"}],
                    "headers": [
                        {"name": "Authorization", "value": "Bearer CANARY"},
                        {"name": ":path", "value": "/api/order?token=CANARY"},
                        {"name": "Accept", "value": "application/json"},
                    ],
                    "queryString": [{"name": "token", "value": "CANARY"}],
                    "postData": {"mimeType": "application/json", "text": '{"password": "CANARY"}', "params": []},
                },
                "response": {
                    "status": 403,
                    "redirectURL": "https://northgate.example/?code=CANARY",
                    "cookies": [{"name": "sessionid", "value": "CANARY"}],
                    "headers": [{"name": "set-cookie", "value": "CANARY"}],
                    "content": {"mimeType": "text/html", "text": "CANARY"},
                },
                "_webSocketMessages": [{"data": "CANARY"}],
            },
            {"response": {"content": {"mimeType": "application/json", "text": '{"error": "rejected"}'}}},
        ],
    }
}
