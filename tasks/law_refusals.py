"""What is said when the files of the law do not fit together: folders, names, keys, plans."""

from collections.abc import Sequence

from models.errors import LawRefusal
from models.law.flaws import Flaw
from models.words import Words
from tasks.yaml_refusals import FileFlaw


def no_folder(name: str) -> FileFlaw:
    """A folder that is not there."""
    return FileFlaw(
        name,
        None,
        None,
        Words("Không có thư mục này.", "There is no such folder."),
        Words("Luật được đọc từ một thư mục văn bản.", "The law is read from a folder of regulations."),
        Words("Kiểm tra đường dẫn, hoặc TCPL_REGULATIONS.", "Check the path, or TCPL_REGULATIONS."),
    )


def no_regulation(name: str) -> FileFlaw:
    """A folder without anything that can be checked."""
    return FileFlaw(
        name,
        None,
        None,
        Words("Thư mục không có văn bản hay kế hoạch nào.", "The folder holds no regulation and no plan."),
        Words(
            "Mỗi văn bản là một thư mục con có regulation.yaml.", "A regulation is a subfolder with a regulation.yaml."
        ),
        Words("Xem cách bổ sung ở regulations/README.md.", "See regulations/README.md on how to add one."),
    )


def misnamed(folder: str, name: str) -> Flaw:
    """A regulation whose id is not its folder's name."""
    return Flaw(
        ("id",),
        Words(f"Mã “{name}” khác tên thư mục “{folder}”.", f"The id '{name}' is not the folder's name '{folder}'."),
        Words("Văn bản được tìm theo tên thư mục.", "A regulation is found by its folder's name."),
        Words("Đổi mã hoặc đổi tên thư mục.", "Change the id or the folder's name."),
        name,
    )


def key_out_of_place(file: str, key: str, home: str | None) -> Flaw:
    """A key in a file that is not its own; `home` None: no file has such a key."""
    return Flaw(
        (key,),
        Words(f"Khóa `{key}` không thuộc {file}.", f"The key `{key}` does not belong in {file}."),
        Words("Mỗi tệp chỉ chứa phần của mình.", "Each file holds its own part only."),
        Words(f"Chuyển sang {home}.", f"Move it to {home}.") if home else Words("Bỏ khóa này.", "Remove it."),
        key,
    )


def key_missing(file: str, key: str) -> Flaw:
    """A part without its one key."""
    return Flaw(
        (),
        Words(f"Thiếu khóa `{key}`.", f"The key `{key}` is missing."),
        Words(f"{file} chứa đúng một khóa này.", f"{file} holds just this key."),
        Words(f"Thêm `{key}:` (có thể là `[]`).", f"Add `{key}:` (it may be `[]`)."),
    )


def two_plans(names: Sequence[str], province: str, year: int) -> LawRefusal:
    """More than one plan for a province and year."""
    listed = ", ".join(names)
    return LawRefusal(
        "two_plans",
        Words(
            f"Có {len(names)} kế hoạch cho tỉnh {province} năm {year}: {listed}.",
            f"There are {len(names)} plans for province {province} in {year}: {listed}.",
        ),
        Words("Không tự chọn kế hoạch thay cho người.", "The software does not choose between plans for people."),
        Words(
            "Chỉ rõ kế hoạch bằng `--plan`, hoặc giữ lại một tệp trong thư mục.",
            "Name one with `--plan`, or keep one file in the folder.",
        ),
        files=list(names),
    )


def no_sample_plan(year: int) -> LawRefusal:
    """A rehearsal of a year for which no sample plan is shipped."""
    return LawRefusal(
        "no_sample_plan",
        Words(f"Không có kế hoạch mẫu cho năm {year}.", f"There is no sample plan for {year}."),
        Words(
            "Diễn tập cần một kế hoạch; chỉ một số năm có kế hoạch mẫu đi kèm.",
            "A rehearsal needs a plan; only some years come with a sample.",
        ),
        Words("Chỉ rõ kế hoạch bằng `--plan TỆP`.", "Name a plan with `--plan FILE`."),
    )


def no_law_for(year: int, reason: Words) -> Flaw:
    """A plan for a year that no regulation governs."""
    return Flaw(
        ("year",),
        Words(f"Không có văn bản nào để áp dụng cho năm {year}.", f"There is no regulation to apply to {year}."),
        reason,
        Words("Sửa năm của kế hoạch.", "Mend the plan's year."),
        str(year),
    )
