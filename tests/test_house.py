"""The rules of the house that a machine can hold: who imports whom, who asks for the time, what a file opens with.

Not here: style, types and YAML, which `make lint` holds.
"""

import ast
import importlib
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from importlinter.application.use_cases import lint_imports
from importlinter.configuration import configure

import cli.main

CHECKOUT = Path(__file__).resolve().parent.parent
APPLICATION = ("deployments", "cli", "flows", "dashboard", "tasks", "models")
CLOCK = "tasks/clock.py"

ASKS_THE_TIME = {
    "datetime": {"now", "today", "utcnow"},
    "date": {"today"},
    "time": {"time", "time_ns", "localtime", "gmtime", "ctime"},
    "pendulum": {"now", "today", "tomorrow", "yesterday"},
    "func": {"now", "current_date", "current_time", "current_timestamp", "localtime", "localtimestamp", "sysdate"},
}
"""What names the machine's or the database's date and time; a stopwatch (`monotonic`, `perf_counter`) does not."""

SQL = re.compile(
    r"\s*(SELECT|INSERT\s+INTO|UPDATE|DELETE\s+FROM|WITH)\s.*\b(FROM|SET|VALUES|SELECT|WHERE)\b", re.I | re.S
)
A_HOME = re.compile(r"(?<![\w.~-])/(?:(?:home|Users)/[A-Za-z]\w*|root/)|\b[A-Z]:\\Users\\")


def python_files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (CHECKOUT / folder).rglob("*.py"))


def named(path: Path) -> str:
    return path.relative_to(CHECKOUT).as_posix()


def read(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))


def asks_the_time(tree: ast.AST) -> Iterator[int]:
    """The lines on which the machine is asked what day or what time it is, called at once or handed on."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module in ASKS_THE_TIME:
            if ASKS_THE_TIME[node.module] & {alias.name for alias in node.names}:
                yield node.lineno
        elif isinstance(node, ast.Attribute):
            owner = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
            if node.attr in ASKS_THE_TIME.get(owner, ()):
                yield node.lineno


def holds_sql(tree: ast.AST) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.match(node.value):
            yield node.lineno


def pins(lock: str) -> dict[str, str]:
    return dict(re.findall(r"^([\w.-]+)==([^\s;\\]+)", (CHECKOUT / lock).read_text("utf-8"), re.M))


def test_imports_go_one_way_and_the_law_is_pure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(CHECKOUT)
    configure()
    assert lint_imports("pyproject.toml", cache_dir=None, is_debug_mode=True, no_logo=True), "the report stands above"


def test_flows_tell_the_order_of_events_and_hold_no_sql() -> None:
    assert [f"{named(path)}:{line}" for path in python_files("flows") for line in holds_sql(read(path))] == []


def test_only_the_clock_asks_the_machine_what_time_it_is() -> None:
    asked = [f"{named(path)}:{line}" for path in python_files(*APPLICATION) for line in asks_the_time(read(path))]
    assert [place for place in asked if not place.startswith(f"{CLOCK}:")] == []


def test_every_python_file_opens_with_a_sentence() -> None:
    files = python_files(*APPLICATION, "tests")
    assert [named(path) for path in files if not ast.get_docstring(read(path))] == []


def test_no_file_names_somebodys_home_folder() -> None:
    listed = ["git", "-C", str(CHECKOUT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        names = subprocess.run(listed, check=True, capture_output=True, text=True).stdout.split("\0")
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout: which files belong to the project is not known")
    files = [CHECKOUT / name for name in names if name and (CHECKOUT / name).is_file()]
    assert [named(path) for path in files if A_HOME.search(path.read_text("utf-8", errors="ignore"))] == []


def test_both_locks_pin_the_same_versions() -> None:
    runtime, development = pins("requirements.txt"), pins("requirements-dev.txt")
    assert runtime
    assert runtime.items() <= development.items()


@pytest.mark.parametrize(
    "line",
    [
        "day = date.today()",
        "moment = datetime.datetime.now(UTC)",
        "written_at = field(default_factory=datetime.now)",
        "from time import time",
        "seconds = time.time()",
        "column = mapped_column(server_default=func.now())",
    ],
)
def test_asking_the_time_is_seen_in_each_of_its_forms(line: str) -> None:
    assert list(asks_the_time(ast.parse(line))) == [1]


@pytest.mark.parametrize(
    "line", ["start = time.perf_counter()", "today = clock.today()", "def watch(now: datetime): ..."]
)
def test_a_stopwatch_and_a_handed_in_day_are_free(line: str) -> None:
    assert list(asks_the_time(ast.parse(line))) == []


@pytest.mark.parametrize("group", cli.main.GROUPS)
def test_a_group_adds_the_commands_that_it_is_listed_with(group: str) -> None:
    app = typer.Typer()
    app.callback()(lambda: None)
    importlib.import_module(f"cli.{group}").add_to(app)
    names = {command.name for command in app.registered_commands} | {one.name for one in app.registered_groups}
    assert names == {*cli.main.GROUPS[group]}
