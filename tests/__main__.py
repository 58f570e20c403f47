"""`python -m tests [--cov] [pytest arguments]`: the whole suite, as `make test` and CI run it.

First what also holds on PostgreSQL, then everything on SQLite with two processes; browser tests share one of them.
Where a service is absent its tests are skipped with the reason, unless REQUIRE_SERVICES=1.
"""

import os
import subprocess
import sys

POSTGRES = os.environ.get("TEST_POSTGRES_URL", "")


def main() -> int:
    arguments = sys.argv[1:]
    coverage = ["--cov", "--cov-report=term:skip-covered"] if "--cov" in arguments else []
    arguments = [argument for argument in arguments if argument != "--cov"]
    results = []
    if POSTGRES:
        environment = {**os.environ, "TEST_DATABASE_URL": POSTGRES}
        results.append(pytest(["-m", "both", "--create-db", *arguments], environment))
    elif os.environ.get("REQUIRE_SERVICES") == "1":
        print("PostgreSQL is required (REQUIRE_SERVICES=1) and TEST_POSTGRES_URL is not set.", file=sys.stderr)
        results.append(1)
    else:
        print("Tests on PostgreSQL skipped: TEST_POSTGRES_URL is not set.")
    results.append(pytest(["-n", "2", "--dist", "loadgroup", *coverage, *arguments], dict(os.environ)))
    return max(results)


def pytest(arguments: list[str], environment: dict[str, str]) -> int:
    return subprocess.run([sys.executable, "-m", "pytest", *arguments], env=environment, check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main())
