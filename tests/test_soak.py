"""A small seeded share of `make soak` and `make bench`: that they run, and that nothing is lost or doubled."""

import os
from collections.abc import Iterator
from importlib import import_module

import pytest

from tasks.engines import forget_engines


@pytest.fixture(autouse=True)
def own_environment() -> Iterator[None]:
    before = dict(os.environ)
    yield
    forget_engines()
    os.environ.clear()
    os.environ.update(before)


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_a_watch_killed_at_any_moment_loses_and_doubles_nothing(engine: str) -> None:
    found = import_module("tests.soak.watch").run(2, 7, engine, dossiers=60)
    assert (found["lost"], found["doubled"]) == (0, 0)
    assert found["acts"] > 100


@pytest.mark.parametrize("name", ["board", "reproject"])  # the watch's own share is above
def test_a_benchmark_measures_against_its_floor(name: str) -> None:
    found = import_module(f"tests.benchmarks.{name}").run(40, "sqlite")
    assert found["floor_seconds"] > 0
    assert found["ratio"] > 0


def test_a_province_goes_through_two_years_by_files_and_acts_only() -> None:
    found = import_module("tests.soak.province").run(engine="sqlite", most=1)
    assert (found["lost"], found["doubled"], found["acts"]) == (0, 0, 12)
