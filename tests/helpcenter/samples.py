"""Folders of documents and bytes of pictures, as people hand them in."""

import io
import struct
import zlib
from pathlib import Path
from typing import Any

from django.conf import settings as site
from django.core.management import call_command
from hypothesis import HealthCheck, settings
from PIL import Image


def document(body: str = "Text.", **front: str) -> str:
    """A document; `front` is written as it stands, `None` leaves a key out."""
    keys: dict[str, Any] = {"title": '"A title"', "category": "help", **front}
    lines = [f"{key}: {value}" for key, value in keys.items() if value is not None]
    return "\n".join(["---", *lines, "---", "", body, ""])


def load_demo_facts() -> None:
    """The facts that texts of the demo content name."""
    folder = site.BASE_DIR / "fixtures"
    names = {"regions": folder / "regions.yaml", "kinds": folder / "fact_kinds.yaml"}
    call_command("import_facts", str(folder / "facts.csv"), **names, apply=True, verbosity=0, stdout=io.StringIO())


def write_folder(root: Path, files: dict[str, str | bytes]) -> Path:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return root


def files_below(root: Path) -> dict[str, bytes]:
    """Path -> bytes of every file below a folder."""
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def drawing(width: int = 60, height: int = 40, mode: str = "RGB") -> Image.Image:
    """A picture of four colours, so that turning or mirroring it shows."""
    image = Image.new("RGB", (width, height), "red")
    image.paste("blue", (width // 2, 0, width, height // 2))
    image.paste("lime", (0, height // 2, width // 2, height))
    return image.convert(mode)


def encoded(kind: str, image: Image.Image | None = None, **options: Any) -> bytes:
    """Bytes of a picture; `encoded("JPEG", comment=b"…")`."""
    out = io.BytesIO()
    (image or drawing()).save(out, kind, **options)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def png_chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_claiming(width: int, height: int) -> bytes:
    """A tiny file whose header claims to be large."""
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * 100)
    return b"\x89PNG\r\n\x1a\n" + b"".join(map(png_chunk, (b"IHDR", b"IDAT", b"IEND"), (header, rows, b"")))


def examples(count: int) -> settings:
    """So many examples, the same at every run, however busy the machine."""
    return settings(
        max_examples=count, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
    )  # fmt: skip
