"""Evidence files: known by their content, stored once under their SHA-256, never replaced; signatures looked into."""

import hashlib
import io
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from models.errors import Refusal
from models.records.acting import Sitting
from models.records.cycles import law_of
from models.records.dossiers import dossiers_by_code
from models.records.evidence import add_evidence, evidence_of, signatures_of
from models.records.journal import Signed
from models.records.supplements import refuse_unknown_items
from models.words import Language, Words
from tasks import clock
from tasks.anchors import anchor
from tasks.cycle_choice import cycle_of_commune
from tasks.database import reading, work
from tasks.settings import Settings
from tasks.signatures import Found, look_into

MOST_BYTES = 30 * 1024 * 1024
_STARTS = ((b"%PDF-", "pdf"), (b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpeg"))


@dataclass(frozen=True)
class Stored:
    """A stored piece of evidence. `signatures`: what was found of a PDF's; empty for other kinds."""

    sha256: str
    kind: str
    size: int
    path: Path
    new: bool
    signatures: tuple[Found, ...]


def add_file(
    code: str,
    year: int,
    place: str,
    file: Path,
    *,
    by: str,
    number: str = "",
    dated: date | None = None,
    at: datetime | None = None,
    trial: bool | None = None,
) -> Stored:
    """Store a file and list it for an indicator of a commune. Raises Refusal for what is not taken."""
    settings, moment = Settings(), at or clock.now()
    content, kind = read_evidence(file)
    sha256 = hashlib.sha256(content).hexdigest()
    path = store(settings, sha256, kind, content)
    found = look_into(content, settings.home / "trust", moment) if kind == "pdf" else ()
    with work() as session:
        cycle = cycle_of_commune(session, code, year, trial)
        refuse_unknown_items(law_of(session, cycle).regulation, {place: ""})
        sitting = Sitting.on(session, cycle.id, Signed(by, moment, "tài liệu minh chứng"))
        row: dict[str, object] = {"sha256": sha256, "size": len(content), "kind": kind, "stored_at": moment}
        rows = [one.row(sha256, order) for order, one in enumerate(found)]
        said: dict[str, object] = {"name": file.name[:255], "number": number, "dated": dated}
        new = add_evidence(sitting, code, place, row, rows, said)
    if new:
        anchor()
    return Stored(sha256, kind, len(content), path, new, tuple(found))


def read_evidence(file: Path) -> tuple[bytes, str]:
    """The file's bytes and its kind: pdf, png, jpeg, docx, xlsx. Raises Refusal for any other and for one too large."""
    try:
        size = file.stat().st_size
        if size > MOST_BYTES:
            raise _too_large(file, size)
        content = file.read_bytes()
    except OSError as error:
        raise _unreadable(file, error) from error
    kind = kind_of(content)
    if kind is None:
        raise _unknown_kind(file)
    return content, kind


def kind_of(content: bytes) -> str | None:
    """What a file is by its content, whatever its name says; null for what is not taken as evidence."""
    for start, kind in _STARTS:
        if content.startswith(start):
            return kind
    if content.startswith(b"PK\x03\x04"):
        return _office_kind(content)
    return None


def _office_kind(content: bytes) -> str | None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return None
    if any(name.endswith("vbaProject.bin") for name in names):
        return None
    return "docx" if "word/document.xml" in names else "xlsx" if "xl/workbook.xml" in names else None


def store(settings: Settings, sha256: str, kind: str, content: bytes) -> Path:
    """Keep the bytes under their number; what is there already stays as it is, or is refused if it was changed."""
    path = settings.home / "evidence" / sha256[:2] / f"{sha256}.{kind}"
    if path.exists():
        if hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
            raise _changed(path)
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(".half")
    half.write_bytes(content)
    half.chmod(0o440)
    half.replace(path)
    return path


def list_evidence(code: str, year: int, language: Language, trial: bool | None = None) -> list[dict[str, Any]]:
    """The commune's evidence, indicator by indicator, with what was found of signatures."""
    with reading() as session:
        cycle = cycle_of_commune(session, code, year, trial)
        unit = dossiers_by_code(session, cycle.id, [code])[code].unit_id
        return [
            {
                "indicator": link.place,
                "name": link.name,
                "number": link.number,
                "dated": link.dated,
                "sha256": file.sha256,
                "kind": file.kind,
                "size": file.size,
                "signatures": [
                    Words(one.finding_vi, one.finding_en).to(language) for one in signatures_of(session, file.sha256)
                ],
            }
            for link, file in evidence_of(session, cycle.id, unit)
        ]


def _too_large(file: Path, size: int) -> Refusal:
    return Refusal(
        "file_too_large",
        Words(f"Tệp {file.name} nặng {size / 1048576:.1f} MB.", f"{file.name} has {size / 1048576:.1f} MB."),
        Words(f"Mỗi tệp không quá {MOST_BYTES // 1048576} MB.", f"A file has at most {MOST_BYTES // 1048576} MB."),
        Words("Quét lại với độ phân giải thấp hơn, hoặc tách tệp.", "Scan it again more coarsely, or split it."),
    )


def _unreadable(file: Path, error: OSError) -> Refusal:
    return Refusal(
        "cannot_read",
        Words(f"Không đọc được tệp {file.name}.", f"{file.name} cannot be read."),
        Words(error.strerror or "lỗi hệ điều hành", error.strerror or "an error of the operating system"),
        Words("Kiểm tra đường dẫn và quyền đọc.", "Check its path and its permissions."),
    )


def _unknown_kind(file: Path) -> Refusal:
    return Refusal(
        "kind_not_taken",
        Words(f"Tệp {file.name} không thuộc loại được nhận.", f"{file.name} is of a kind that is not taken."),
        Words(
            "Nhận theo nội dung thật của tệp: PDF, PNG, JPEG, DOCX, XLSX (không macro).",
            "By its content, whatever its name: PDF, PNG, JPEG, DOCX, XLSX (no macros).",
        ),
        Words("Chuyển sang PDF rồi gửi lại.", "Turn it into a PDF."),
    )


def _changed(path: Path) -> Refusal:
    return Refusal(
        "evidence_changed",
        Words("Tệp minh chứng đã lưu bị thay đổi.", "A stored piece of evidence was changed."),
        Words(f"Nội dung của {path.name} không còn khớp mã của nó.", f"{path.name} no longer has its own number."),
        Words(
            "Không ghi đè; khôi phục từ bản sao lưu và báo người quản trị.",
            "Restore it from a backup; tell the operator.",
        ),
    )
