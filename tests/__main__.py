"""`python -m tests [--cov] [pytest arguments]`: the whole suite, as `make test` and CI run it.

Everything on SQLite with two processes (browser tests share one of them), and beside it what also holds on PostgreSQL.
Where a service is absent its tests are skipped with the reason, unless REQUIRE_SERVICES=1.
"""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import measuring

TWO = ("-n", "2", "--dist", "loadfile", "--no-loadscope-reorder", "-p", "tests.scheduling")
MARK = re.compile(r"\bmark\.both\b")
POSTGRES = os.environ.get("TEST_POSTGRES_URL", "")


def main() -> int:
    arguments = [argument for argument in sys.argv[1:] if argument != "--cov"]
    # pytest keeps the compiled tests with their explained asserts; without that, each process compiles all of them.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory() as folder, on_postgres(arguments) as other:
        counting = measuring.asked_for(Path(folder)) if "--cov" in sys.argv else {}
        result = subprocess.run(pytest(*TWO, *arguments), env={**os.environ, **counting}, check=False).returncode
        enough = not counting or measuring.report(Path(folder))
        return max(abs(result), abs(other()), int(not enough))  # negative: ended by a signal


@contextmanager
def on_postgres(arguments: list[str]) -> Iterator[Callable[[], int]]:
    """Start what also holds on PostgreSQL; the value waits for its end, prints what it said, and returns its code."""
    if not POSTGRES:
        required = os.environ.get("REQUIRE_SERVICES") == "1"
        reason = "is required (REQUIRE_SERVICES=1) and" if required else "is not tested:"
        print(f"PostgreSQL {reason} TEST_POSTGRES_URL is not set.", file=sys.stderr)
        yield lambda: int(required)
        return
    named = any(Path(argument.partition("::")[0]).exists() for argument in arguments)
    command = pytest("-m", "both", "--create-db", *arguments, *([] if named else marked_both()))
    with tempfile.TemporaryFile("w+") as said:
        environment = {**os.environ, "TEST_DATABASE_URL": POSTGRES}
        process = subprocess.Popen(command, env=environment, stdout=said, stderr=subprocess.STDOUT)

        def end() -> int:
            code = process.wait()
            said.seek(0)
            print("On PostgreSQL:", said.read(), sep="\n")
            return code

        try:
            yield end
        finally:
            process.kill()
            process.wait()


def marked_both() -> list[str]:
    """Files with tests that also run on PostgreSQL; the others need not even be read for it."""
    files = sorted(Path("tests").rglob("test_*.py"))
    return [str(file) for file in files if MARK.search(file.read_text(encoding="utf-8"))]


def pytest(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "pytest", *arguments]


if __name__ == "__main__":
    raise SystemExit(main())
