"""The year of n dossiers by the product's acts, one task each, beside a task per transition; on one Prefect server.

Like for like: the same communes and answers, opened, handed in, supplemented, found complete, appraised, decided and
published, each side one flow run with its tasks through Prefect's engine, no morning watch, nothing sent. State, total
and verdict of every dossier are compared. `floor_seconds` are the product's: the ratio says how much slower the other.
"""

import os
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from tests.benchmarks import ground

SEED = 7


def run(n: int, engine: str) -> dict[str, Any]:
    from deployments import prefect_server
    from deployments.children import free_port

    with ground.home(engine) as settings:
        ground.add_province(n)
        port = free_port()
        with prefect_server.start(settings.home, port, quiet=True) as server:
            os.environ.update(prefect_server.environment(settings.home, port))  # before Prefect is imported
            from tests.benchmarks.peers import newcomer, product

            prefect_server.wait(server, port)
            product.nothing_yet()  # what a first flow run costs once, neither of them pays
            ours, own = ground.cpu_of(lambda: product.the_year(SEED))
            parts = product.cast_of(SEED)
            newcomer.prepare()
            theirs, others = ground.cpu_of(lambda: newcomer.the_year(parts.people, parts.regulation, parts.days))
        found, expected = newcomer.outcomes(), product.outcomes()
        differing = _differing(found, expected)
        assert len(expected) == n
        assert not differing, f"{len(differing)} dossiers end differently, such as {differing[:3]}"
        line = ground.answer("peers", engine, n, theirs, ours)
        return line | {"cpu_seconds": round(others, 2), "product_cpu_seconds": round(own, 2)}


def _differing(
    found: Mapping[str, tuple[str, str, bool | None]], expected: Mapping[str, tuple[str, Decimal | None, bool | None]]
) -> list[tuple[str, object, object]]:
    codes = sorted(found.keys() | expected.keys())
    theirs = {code: (state, Decimal(total), meets) for code, (state, total, meets) in found.items()}
    return [(code, theirs.get(code), expected.get(code)) for code in codes if theirs.get(code) != expected.get(code)]
