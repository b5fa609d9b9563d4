"""`make soak`: acts under kill -9 and lost devices, with the numbers printed; soak.json in TCPL_HOME.

`SOAK=watch KILLS=100 SEED=7` runs one, ENGINE=sqlite on one engine. A small seeded share of each is in `make test`.
"""

import importlib
import json
import os
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
ENGINES = ("sqlite", "postgresql")


def main() -> None:
    sys.path.insert(0, str(CHECKOUT))
    own = ("run", "killing", "mornings", "served")
    here = sorted(file.stem.replace("_", "-") for file in Path(__file__).parent.glob("*.py") if file.stem not in own)
    wanted, kills, seed = os.environ.get("SOAK"), int(os.environ.get("KILLS", "100")), int(os.environ.get("SEED", "7"))
    if wanted and wanted not in here:
        raise SystemExit(f"There is no soak {wanted!r}; there are: {', '.join(here)}.")
    found = []
    for name in [wanted] if wanted else here:
        for engine in [os.environ["ENGINE"]] if "ENGINE" in os.environ else ENGINES:
            line = importlib.import_module(f"tests.soak.{name.replace('-', '_')}").run(kills, seed, engine)
            found.append(line)
            print(json.dumps(line), flush=True)
    home = Path(os.environ.get("TCPL_HOME", CHECKOUT / ".tcpl"))
    home.mkdir(parents=True, exist_ok=True)
    (home / "soak.json").write_text(json.dumps(found, indent=2) + "\n")


if __name__ == "__main__":
    main()
