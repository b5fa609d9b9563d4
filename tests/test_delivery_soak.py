"""A small share of the long run of `tests/soak/delivery.py`: senders die at random moments, and nothing is lost."""

import pytest
from soak import delivery


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_senders_that_are_killed_lose_nothing_and_double_nothing_unknown(engine: str) -> None:
    found = delivery.run(kills=4, seed=7, engine=engine)
    assert found["kills"] == 4
    assert (found["lost"], found["doubled"]) == (0, 0)
    assert found["recognisable_doubles"] <= found["kills"]
