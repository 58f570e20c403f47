"""Where an index lives: a folder per alias, and a file `GENERATION` that says which build in it counts.

    <root>/<alias>/GENERATION      {"build": "…", "number": 7, "analyzers": 1}
    <root>/<alias>/<build>/        a Whoosh index
    <root>/<alias>/WORDS           what words of the language are in English (`parallel.py`)

The file is replaced whole, after everything that it speaks of is on disk, so a reader never sees half a change. A
reader that meets damage leaves a file `DAMAGED`; whoever writes the index then builds a new one.
"""

import fcntl
import json
import os
import re
import shutil
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from helpcenter.search import analyzers

WAIT_FOR_WRITER = 30.0  # seconds
_BUILD = re.compile(r"build-[0-9a-f]+")


class IndexBusy(Exception):
    """Another process has been writing for longer than we wait."""


@dataclass(frozen=True)
class Generation:
    """Which build counts and how often it has changed."""

    build: str
    number: int
    analyzers: int = analyzers.VERSION

    @property
    def is_readable(self) -> bool:
        """Whether this is what we write, by the analyzers that we have."""
        is_ours = isinstance(self.number, int) and _BUILD.fullmatch(str(self.build)) is not None
        return is_ours and self.analyzers == analyzers.VERSION


class Folder:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.file = path / "GENERATION"
        self.damaged = path / "DAMAGED"
        self.words = path / "WORDS"

    def generation(self) -> Generation | None:
        """What counts now; None where there is no readable index."""
        stored = self._stored()
        while stored is not None and not self.build(stored).is_dir():
            before, stored = stored, self._stored()
            if stored == before:  # not replaced since it was read
                return None
        return stored

    def _stored(self) -> Generation | None:
        try:
            stored = Generation(**json.loads(self.file.read_text()))
        except (OSError, ValueError, TypeError):
            return None
        return stored if stored.is_readable else None

    def build(self, generation: Generation) -> Path:
        return self.path / generation.build

    def stamp(self) -> tuple[int, int]:
        """Changes whenever `GENERATION` is replaced; cheap enough to ask once a second."""
        return _stamp(self.file)

    def stamp_of_words(self) -> tuple[int, int]:
        """Changes whenever `WORDS` is replaced."""
        return _stamp(self.words)

    def keep_words(self, file: bytes) -> None:
        """Replace `WORDS` whole."""
        self.path.mkdir(parents=True, exist_ok=True)
        _replace(self.words, file)

    def new_build(self) -> Path:
        build = self.path / f"build-{uuid.uuid4().hex[:12]}"
        build.mkdir(parents=True)
        return build

    def announce(self, build: Path) -> Generation:
        """Make a build the one that counts, or say that it has changed."""
        before = self.generation()
        number = before.number + 1 if before else time.time_ns() // 1_000_000
        generation = Generation(build.name, number)
        _replace(self.file, json.dumps(asdict(generation)).encode())
        with suppress(FileNotFoundError):
            self.damaged.unlink()
        return generation

    def forget_other_builds(self) -> None:
        """Remove builds that no longer count; readers that still have them open keep their files."""
        current = self.generation()
        for build in self.path.glob("build-*"):
            if current is None or build.name != current.build:
                shutil.rmtree(build, ignore_errors=True)

    def report_damage(self) -> None:
        with suppress(OSError):
            self.path.mkdir(parents=True, exist_ok=True)
            self.damaged.touch()

    def is_damaged(self) -> bool:
        return self.damaged.exists()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Only one process writes an index. Raises IndexBusy after half a minute."""
        self.path.mkdir(parents=True, exist_ok=True)
        deadline = time.monotonic() + WAIT_FOR_WRITER
        with (self.path / "WRITER").open("w") as lock:
            while not _try_lock(lock.fileno()):
                if time.monotonic() > deadline:
                    raise IndexBusy(f"Another process is writing {self.path}.")
                time.sleep(0.05)
            yield


def _replace(file: Path, content: bytes) -> None:
    """Replace a file whole. Where the disk is full, nothing of the new one is left: each try would add another."""
    draft = file.with_name(f"{file.name}.{uuid.uuid4().hex[:8]}")
    try:
        draft.write_bytes(content)
        draft.replace(file)
    except OSError:
        with suppress(OSError):
            draft.unlink()
        raise


def _stamp(file: Path) -> tuple[int, int]:
    try:
        status = file.stat()
    except OSError:
        return (0, 0)
    return (status.st_mtime_ns, status.st_ino)


def _try_lock(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def folder_of(path: str | os.PathLike[str]) -> Folder:
    return Folder(Path(path))
