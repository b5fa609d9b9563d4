"""Reading the law: the shipped files hold together, every broken one is refused with file, line and remedy."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from models.errors import LawRefusal
from models.law.marks import Mark
from models.law.regulation import Actor, Regulation
from models.law.years import NotEvaluated, regulation_for_year
from models.words import Words
from tasks.law_check import check_folder
from tasks.law_files import find_plan, load_pauses, load_plan, load_regulation, load_regulations
from tasks.settings import CHECKOUT
from tasks.yaml_text import read_yaml

SHIPPED = CHECKOUT / "regulations"
BROKEN = sorted((CHECKOUT / "tests" / "broken-regulations").glob("*.yaml"))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The shipped law, free to be broken."""
    return Path(shutil.copytree(SHIPPED, tmp_path / "regulations"))


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str | bytes], Path]:
    """Writes one YAML file."""

    def write(text: str | bytes) -> Path:
        file = tmp_path / "written.yaml"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return file

    return write


def faults_of(read: Callable[[], object]) -> list[dict[str, Any]]:
    with pytest.raises(LawRefusal) as refused:
        read()
    return refused.value.details["faults"]


def test_the_shipped_law_holds_together():
    checked = check_folder(SHIPPED)
    assert [each.id for each in checked.regulations] == ["qd-619-2017", "qd-25-2021", "qd-27-2025"]
    assert checked.pauses == (2025,)
    assert len(checked.plans) == 2


@pytest.mark.parametrize("file", BROKEN, ids=[file.stem for file in BROKEN])
def test_a_broken_file_is_refused_with_its_line(file: Path, copy: Path):
    case: Any = read_yaml(file).content
    broken, then = copy / case["break"], case["then"]
    text = broken.read_text("utf-8")
    assert case["replace"] in text, "the shipped file has changed: mend the case"
    broken.write_text(text.replace(case["replace"], case["with"], 1), "utf-8")

    first = faults_of(lambda: check_folder(copy))[0]

    assert first["file"] == str(copy / then["file"])
    assert then["line"] in (copy / then["file"]).read_text("utf-8").splitlines()[first["line"] - 1]
    assert then["says"] in first["what"].vi
    assert then["in English"] in first["what"].en
    assert all(words.vi and words.en for words in (first["why"], first["do"]))


def test_all_faults_of_all_files_are_reported_together(copy: Path):
    (copy / "qd-25-2021" / "stages.yaml").unlink()
    (copy / "qd-27-2025" / "pass_rules.yaml").write_text("pass_rules: [\n")
    (copy / "pauses.yaml").write_text("pauses: 2025\n")
    (copy / "plans" / "ca-mau-2024.yaml").write_text("province: '96'\n")
    names = [Path(fault["file"]).name for fault in faults_of(lambda: check_folder(copy))]
    assert set(names) == {"stages.yaml", "pass_rules.yaml", "pauses.yaml", "ca-mau-2024.yaml"}


def test_the_refusal_speaks_of_the_first_fault_and_counts_the_others(written: Callable[[str], Path]):
    with pytest.raises(LawRefusal) as refused:
        read_yaml(written("a: 1\na: 2\nb: 1\nb: 2\n"))
    assert "dòng 2: Khóa `a` có hai lần (lần đầu ở dòng 1). (và 1 lỗi khác)" in refused.value.what.vi
    assert (refused.value.details["line"], refused.value.details["value"]) == (2, "a")


def test_a_file_that_changes_is_read_anew_and_an_unchanged_one_is_not(written: Callable[[str], Path]):
    first = read_yaml(written("a: 1\n"))
    assert read_yaml(first.file) is first
    assert read_yaml(written("a: 2\n")).content == {"a": "2"}
    with pytest.raises(LawRefusal):
        read_yaml(written("a: [\n"))
    assert read_yaml(written("a: 1\n")).content == {"a": "1"}


def test_a_regulation_that_changes_is_loaded_anew(tmp_path: Path):
    copy = tmp_path / "qd-25-2021"
    shutil.copytree(SHIPPED / "qd-25-2021", copy)
    before = load_regulation(copy)
    main = copy / "regulation.yaml"
    main.write_text(main.read_text().replace("opens_cycles: true", "opens_cycles: false\nwhy_not: minh họa", 1))
    assert (before.opens_cycles, load_regulation(copy).opens_cycles) == (True, False)


def test_nothing_in_yaml_is_reinterpreted(written: Callable[[str], Path]):
    text = "on: yes\nratio: 1.10\ncode: 00123\ntime: 10:30\nnothing:\ntilde: ~\nword: 'null'\nday: 2025-01-09\n"
    assert read_yaml(written(text)).content == {
        "on": "yes",
        "ratio": "1.10",
        "code": "00123",
        "time": "10:30",
        "nothing": None,
        "tilde": None,
        "word": "null",
        "day": "2025-01-09",
    }


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "The file is empty"),
        ("- a\n- b\n", "does not begin with keys"),
        ("a: b: c\n", "This is not YAML"),
        ("a: \x07\n", "control character"),
        ("? [a, b]\n: c\n", "A key is not a word"),
        ("a: !!python/object/apply:os.system [x]\n", "There is a `!` tag"),
        ("a: &a [*a]\n", "contain themselves"),
        ("a: " + "[" * 100_000, "nested too deeply"),
        ("- " * 100_000 + "a", "nested too deeply"),
        ("x: &x0 [a, a]\n" + "".join(f"x{i}: &x{i} [*x{i - 1}, *x{i - 1}]\n" for i in range(1, 25)), "beyond measure"),
        ("".join(f"a{i}: &a{i} [x]\nb{i}: *a{i}\n" for i in range(100)), "beyond measure"),
        ("a: " + "x" * 1_000_001, "too large"),
        ("a: Chuẩn".encode("utf-16"), "not UTF-8"),
    ],
)
def test_a_file_that_is_no_honest_yaml_is_refused(text: str | bytes, says: str, written: Callable[..., Path]):
    assert says in faults_of(lambda: read_yaml(written(text)))[0]["what"].en


def test_a_folder_without_law_and_a_folder_that_is_not_there_are_refused(tmp_path: Path):
    assert "holds no regulation" in faults_of(lambda: check_folder(tmp_path))[0]["what"].en
    assert "no such folder" in faults_of(lambda: check_folder(tmp_path / "nowhere"))[0]["what"].en


@pytest.mark.parametrize(
    ("year", "governs"),
    [(2017, "qd-619-2017"), (2021, "qd-619-2017"), (2022, "qd-25-2021"), (2024, "qd-25-2021"), (2026, "qd-27-2025")],
)
def test_each_year_has_its_regulation(year: int, governs: str):
    found = regulation_for_year(load_regulations(SHIPPED), load_pauses(SHIPPED), year)
    assert isinstance(found, Regulation)
    assert found.id == governs


def test_2025_was_paused_and_says_who_says_so():
    found = regulation_for_year(load_regulations(SHIPPED), load_pauses(SHIPPED), 2025)
    assert isinstance(found, NotEvaluated)
    assert found.mark is Mark.SECONDARY
    assert len(found.sources) == 2


def test_of_2016_we_know_no_text_and_say_so():
    found = regulation_for_year(load_regulations(SHIPPED), load_pauses(SHIPPED), 2016)
    assert isinstance(found, NotEvaluated)
    assert (found.mark, found.sources) == (Mark.NOT_YET_READ, ())
    assert "regulations/" in found.reason.vi


def test_the_district_decides_until_2024_and_the_province_is_only_recalled():
    old, new = load_regulation(SHIPPED / "qd-25-2021"), load_regulation(SHIPPED / "qd-27-2025")
    assert (old.authority.decides, old.authority.mark) == (Actor.DISTRICT_CHAIR, Mark.CONFIRMED)
    assert (new.authority.decides, new.authority.mark) == (Actor.PROVINCE_CHAIR, Mark.RECALLED)


def test_no_date_of_the_new_text_was_read():
    steps = load_regulation(SHIPPED / "qd-27-2025").steps()
    assert {step.deadline.kind for stage, step in steps if stage not in ("remediation", "commendation")} == {
        "not_yet_read"
    }


def test_the_counts_of_criteria_and_indicators_are_those_of_the_texts():
    counts = {name: load_regulation(SHIPPED / name) for name in ("qd-25-2021", "qd-27-2025")}
    assert {name: (len(each.criteria), len(each.indicators())) for name, each in counts.items()} == {
        "qd-25-2021": (5, 20),
        "qd-27-2025": (3, 14),
    }


def test_a_plan_is_found_by_its_province_and_year():
    found = find_plan(SHIPPED / "plans", "96", 2024)
    assert found
    assert load_plan(found).year == 2024
    assert find_plan(SHIPPED / "plans", "96", 2023) is None
    assert find_plan(SHIPPED / "nowhere", "96", 2024) is None


def test_two_plans_for_one_year_are_not_chosen_between(copy: Path):
    plans = copy / "plans"
    shutil.copy(plans / "ca-mau-2024.yaml", plans / "another.yml")
    with pytest.raises(LawRefusal) as refused:
        find_plan(plans, "96", 2024)
    assert refused.value.code == "two_plans"
    assert len(refused.value.details["files"]) == 2


def test_a_plan_that_cannot_be_read_is_not_passed_over(copy: Path):
    (copy / "plans" / "broken.yaml").write_text("province: '96'\n")
    assert "`year` is missing" in str([f["what"] for f in faults_of(lambda: find_plan(copy / "plans", "96", 2023))])


def test_check_prints_every_fault_in_the_language_asked_for(copy: Path, tcpl: Callable[..., Any]):
    rules = copy / "qd-25-2021" / "pass_rules.yaml"
    rules.write_text(rules.read_text("utf-8").replace('points: "80"', 'points: "180"'), "utf-8")
    said = tcpl("law", "check", copy, "--json", "--lang", "en")
    assert said.status == 1
    fault = said.json["error"]["faults"][0]
    assert fault["line"] == 6
    assert fault["what"] == "The minimum total 180 is more than the whole total 100."
    assert tcpl("law", "check", copy).status == 1
    assert tcpl("law", "check").status == 0


def test_law_show_says_how_sure_each_maximum_is(tcpl: Callable[..., Any]):
    shown = tcpl("law", "show", "qd-25-2021", "--json").json
    assert (shown["id"], shown["authority"]) == ("qd-25-2021", "district_chair")
    first, second = shown["criteria"][:2]
    assert (first["maximum"], first["mark"], first["citation"]["article"]) == ("10", "confirmed", "Phụ lục I")
    assert (second["maximum"], second["mark"]) == ("30", "recalled")
    assert first["indicators"][0]["contents"][1]["maximum"] == "2"


@pytest.mark.parametrize(("words", "status"), [(("2024",), 0), (("x",), 2), (("99999",), 1), (("1899",), 1)])
def test_law_for_year_takes_years_only(words: tuple[str, ...], status: int, tcpl: Callable[..., Any]):
    assert tcpl("law", "for-year", *words, "--json").status == status


def test_every_word_of_a_refusal_is_there_in_both_languages(copy: Path):
    (copy / "qd-25-2021" / "pass_rules.yaml").write_text("pass_rules: [{id: A, kind: leaders_clear, mark: x}]\n")
    for fault in faults_of(lambda: check_folder(copy)):
        assert all(isinstance(fault[key], Words) and all(fault[key]) for key in ("what", "why", "do"))
