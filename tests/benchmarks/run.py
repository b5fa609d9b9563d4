"""`make bench`: every benchmark on both engines, each in a process of its own; a table, and bench.json in TCPL_HOME.

`BENCH=watch N=1000` runs one. A figure is the ratio to a floor of the same run; seconds on a shared machine say little.
"""

import importlib
import json
import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parents[2]
SIZES = {
    "year": 1_000,
    "watch": 10_600,
    "board": 10_600,
    "reproject": 10_600,
    "intake": 200,
    "delivery": 1_000,
    "programme": 400,
    "pages": 10_600,
    "peers": 168,
    "two_laws": 400,
}
FILES = {"peers": "peers.side_by_side"}
"""Where a benchmark is not the file of its name."""
ENGINES = ("sqlite", "postgresql")
VERSIONS = {name: version(name) for name in ("prefect", "sqlalchemy", "psycopg2-binary", "pydantic", "apprise")}


def one(name: str, n: int, engine: str) -> dict[str, Any]:
    """Run one in a child, so that its peak memory is its own."""
    words = [sys.executable, __file__, name, str(n), engine]
    child = subprocess.run(words, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    if child.returncode:
        raise SystemExit(f"{name} on {engine}:\n{child.stderr}")
    sys.stderr.write("".join(line + "\n" for line in child.stderr.splitlines() if " p95 " in line))
    return {**json.loads(child.stdout.splitlines()[-1]), "versions": VERSIONS}


def main() -> None:
    wanted = os.environ.get("BENCH")
    here = list(SIZES)
    if wanted and wanted not in here:
        raise SystemExit(f"There is no benchmark {wanted!r}; there are: {', '.join(here)}.")
    home = Path(os.environ.get("TCPL_HOME", CHECKOUT / ".tcpl"))
    found = []
    print(f"{'name':12} {'engine':12} {'n':>8} {'seconds':>9} {'floor':>9} {'ratio':>7} {'MB':>6}")
    for name in [wanted] if wanted else here:
        for engine in ENGINES:
            line = one(name, int(os.environ.get("N", SIZES[name])), engine)
            found.append(line)
            print(
                f"{line['name']:12} {line['engine']:12} {line['n']:>8} {line['seconds']:>9.3f} "
                f"{line['floor_seconds']:>9.3f} {line['ratio']:>7} {line['peak_mb']:>6}",
                flush=True,
            )
            for part, told in line.get("parts", {}).items():
                print(f"  {part:23} {'':8} {told['seconds']:>9.3f} {told['statements']:>9} statement(s)", flush=True)
            for other, told in line.get("beside", {}).items():
                print(f"  {other:23} {'':8} {told['seconds']:>9.3f} {'':9} {told.get('ratio', ''):>7}", flush=True)
    home.mkdir(parents=True, exist_ok=True)
    (home / "bench.json").write_text(json.dumps(found, indent=2) + "\n")


if __name__ == "__main__":
    sys.path.insert(0, str(CHECKOUT))
    if len(sys.argv) > 1:
        named = importlib.import_module(f"tests.benchmarks.{FILES.get(sys.argv[1], sys.argv[1])}")
        print(json.dumps(named.run(int(sys.argv[2]), sys.argv[3])))
    else:
        main()
