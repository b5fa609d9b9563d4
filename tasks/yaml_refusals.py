"""What is said when a file of the law cannot be read: file, line, value, what, why, what to do."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from models.errors import LawRefusal
from models.law.flaws import and_more
from models.words import Words


class FileFlaw(NamedTuple):
    """One fault at one line of one file; `line` is None where the file itself is missing."""

    file: str
    line: int | None
    value: str | None
    what: Words
    why: Words
    do: Words

    def document(self) -> dict[str, Any]:
        return self._asdict()

    @property
    def place(self) -> Words:
        if self.line is None:
            return Words(self.file, self.file)
        return Words(f"{self.file}, dòng {self.line}", f"{self.file}, line {self.line}")


def refuse_files(flaws: Sequence[FileFlaw], code: str = "law-file-not-valid") -> LawRefusal:
    """All faults in one refusal: the first in its sentences and as `file` and `line`, all of them in `faults`."""
    first, more = flaws[0], and_more(len(flaws) - 1)
    return LawRefusal(
        code,
        Words(f"{first.place.vi}: {first.what.vi}{more.vi}", f"{first.place.en}: {first.what.en}{more.en}"),
        first.why,
        first.do,
        file=first.file,
        line=first.line,
        value=first.value,
        faults=[flaw.document() for flaw in flaws],
    )


_PROBLEMS = {
    "utf-8": (
        Words("Tệp không phải là văn bản UTF-8.", "The file is not UTF-8 text."),
        Words("Chữ Việt ghi bằng bảng mã khác sẽ bị đọc sai.", "Vietnamese in another encoding would be misread."),
        Words("Lưu lại tệp với bảng mã UTF-8.", "Save the file as UTF-8."),
    ),
    "character": (
        Words("Có ký tự điều khiển không được phép.", "There is a control character that YAML forbids."),
        Words("Ký tự này không nhìn thấy được và thường do sao chép mà có.", "It is invisible, mostly from copying."),
        Words("Gõ lại dòng này.", "Type the line again."),
    ),
    "depth": (
        Words("Các mục lồng nhau quá sâu.", "The items are nested too deeply."),
        Words("Tệp của hệ thống chỉ lồng hơn mười cấp.", "An honest file has little more than ten levels."),
        Words("Kiểm tra dấu ngoặc và cách thụt dòng.", "Look at the brackets and the indentation."),
    ),
    "tab": (
        Words("Dòng thụt vào bằng dấu tab.", "The line is indented with a tab."),
        Words("YAML chỉ nhận dấu cách khi thụt dòng.", "YAML takes only spaces for indentation."),
        Words("Thay tab bằng dấu cách.", "Replace the tab with spaces."),
    ),
    "documents": (
        Words("Tệp chứa nhiều tài liệu YAML (dòng `---`).", "The file holds several YAML documents (a `---` line)."),
        Words(
            "Chỉ tài liệu đầu được đọc thì phần sau bị bỏ sót.", "If only the first were read, the rest would be lost."
        ),
        Words("Tách ra mỗi tệp một tài liệu.", "Put each document into a file of its own."),
    ),
    "alias": (
        Words("Dấu `*` trỏ đến một mốc `&` không có.", "A `*` points to an `&` anchor that does not exist."),
        Words("Không biết phải lấy giá trị nào.", "There is no telling which value is meant."),
        Words(
            "Ghi thẳng giá trị; nếu `*` là chữ thì đặt trong ngoặc kép.", "Write the value; quote it if `*` is text."
        ),
    ),
    "bomb": (
        Words(
            "Các mốc `&`, `*` nhân giá trị lên quá nhiều, hoặc chứa chính nó.",
            "Anchors and aliases multiply the values beyond measure, or contain themselves.",
        ),
        Words("Tệp như vậy làm máy hết bộ nhớ.", "Such a file exhausts the machine's memory."),
        Words("Ghi thẳng giá trị, không dùng mốc.", "Write the values out, without anchors."),
    ),
    "tag": (
        Words("Có nhãn `!` không được dùng ở đây.", "There is a `!` tag, which has no meaning here."),
        Words("Mọi giá trị đều được đọc là chữ, không dựng đối tượng.", "Values are read as text; nothing is built."),
        Words("Bỏ nhãn; nếu `!` là chữ thì đặt trong ngoặc kép.", "Remove the tag; quote it if `!` is text."),
    ),
    "key": (
        Words("Khóa không phải là một từ.", "A key is not a word."),
        Words("Khóa của hệ thống đều là chữ.", "All keys here are texts."),
        Words("Sửa khóa; kiểm tra dấu `?`, `[`, `{`.", "Mend the key; look for `?`, `[` or `{`."),
    ),
}


def problem(file: str, line: int, kind: str, value: str | None, before: int | None = None) -> FileFlaw:
    """A fault of the file's form: a kind listed above, a doubled key, or what the YAML reader says itself."""
    if kind == "twice":
        return FileFlaw(
            file,
            line,
            value,
            Words(
                f"Khóa `{value}` có hai lần (lần đầu ở dòng {before}).",
                f"`{value}` stands twice (first: line {before}).",
            ),
            Words("Không biết phải lấy giá trị nào.", "There is no telling which value is meant."),
            Words("Bỏ một trong hai.", "Remove one of them."),
        )
    if kind in _PROBLEMS:
        return FileFlaw(file, line, value, *_PROBLEMS[kind])
    return FileFlaw(
        file,
        line,
        value,
        Words(f"Không đọc được YAML: {kind}.", f"This is not YAML: {kind}."),
        Words("Cách viết tại dòng này (hoặc ngay trước đó) sai cú pháp.", "The syntax here, or just above, is wrong."),
        Words("Kiểm tra thụt dòng, dấu hai chấm, dấu ngoặc kép.", "Look at indentation, colons and quotes."),
    )


def empty(file: str) -> FileFlaw:
    """A file without content."""
    return FileFlaw(
        file,
        1,
        None,
        Words("Tệp trống.", "The file is empty."),
        Words("Thiếu nội dung thì không biết luật nói gì.", "Without content nobody knows what the law says."),
        Words(
            "Khôi phục nội dung từ git, hoặc viết theo regulations/README.md.",
            "Restore it from git, or write it as regulations/README.md says.",
        ),
    )


def not_a_group(file: str, line: int) -> FileFlaw:
    """A file whose document is a list or a single value."""
    return FileFlaw(
        file,
        line,
        None,
        Words("Tệp không bắt đầu bằng các khóa.", "The file does not begin with keys."),
        Words("Mỗi tệp là một nhóm khóa - giá trị.", "Each file is a group of keys and values."),
        Words("Viết theo mẫu trong regulations/README.md.", "Write it as regulations/README.md says."),
    )


def too_large(file: str, most: int) -> FileFlaw:
    """A file beyond the size that anybody writes by hand."""
    return FileFlaw(
        file,
        None,
        None,
        Words("Tệp quá lớn.", "The file is too large."),
        Words(f"Tệp của luật không quá {most} byte.", f"A file of the law has at most {most} bytes."),
        Words("Kiểm tra xem có đúng tệp không.", "Make sure that it is the right file."),
    )


def unreadable(file: str, error: OSError) -> FileFlaw:
    """A file that is not there, is no file, or may not be read."""
    missing = isinstance(error, FileNotFoundError)
    return FileFlaw(
        file,
        None,
        None,
        Words("Không có tệp này.", "There is no such file.")
        if missing
        else Words("Không mở được tệp này.", "The file cannot be opened."),
        Words("Thiếu tệp thì không biết luật nói gì.", "Without the file nobody knows what the law says.")
        if missing
        else Words(f"Hệ điều hành báo: {error.strerror}.", f"The system says: {error.strerror}."),
        Words("Kiểm tra tên tệp, thư mục và quyền đọc.", "Check the file's name, its folder and who may read it."),
    )
