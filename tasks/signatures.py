"""Signatures of PDF files, verified: who, when (Hà Nội time), intact, valid, trusted by the office's own store.

Unsigned or broken is a finding, never a crash. The trust store is a folder of certificates (`trust/` in the home).
"""

import io
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from models.words import Words
from tasks.settings import Settings


@dataclass(frozen=True)
class Found:
    """What was found of one signature. `signer` null: the file bears none, or cannot be read."""

    signer: str | None
    signed_at: datetime | None
    intact: bool
    valid: bool
    trusted: bool
    whole_file: bool
    finding: Words

    def row(self, sha256: str, order: int) -> dict[str, object]:
        """As a row of `evidence_signatures`."""
        return {
            "sha256": sha256,
            "number": order,
            "signer": self.signer,
            "signed_at": self.signed_at,
            "intact": self.intact,
            "valid": self.valid,
            "trusted": self.trusted,
            "whole_file": self.whole_file,
            "finding_vi": self.finding.vi[:500],
            "finding_en": self.finding.en[:500],
        }

    def document(self, zone: Any) -> dict[str, object]:
        """The JSON of one signature; the moment in the offices' zone."""
        at = self.signed_at.astimezone(zone).isoformat() if self.signed_at else None
        plain = {name: getattr(self, name) for name in ("signer", "intact", "valid", "trusted", "whole_file")}
        return {**plain, "signed_at": at}


def look_into(content: bytes, trust: Path, at: datetime) -> list[Found]:
    """Every signature of a PDF file, or one finding that says why there is none."""
    from pyhanko.pdf_utils.reader import PdfFileReader  # half a second, which only evidence needs

    logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
    logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)
    try:
        signatures = list(PdfFileReader(io.BytesIO(content), strict=False).embedded_regular_signatures)
    except Exception as error:  # a broken file is broken in many ways; which, is of no use to an official
        return [_nothing(_BROKEN, error)]
    if not signatures:
        return [_nothing(_UNSIGNED)]
    roots = _roots(trust)
    return [_verified(one, roots, at) for one in signatures]


def _verified(signature: Any, roots: Sequence[Any], at: datetime) -> Found:
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    signer = _signer(signature)
    signed_at = getattr(signature, "self_reported_timestamp", None)
    try:
        context = ValidationContext(
            trust_roots=list(roots), moment=signed_at or at, allow_fetching=False, best_signature_time=signed_at or at
        )
        status = validate_pdf_signature(signature, context)
    except Exception as error:
        return _nothing(_UNVERIFIED, error, signer, signed_at)
    whole = str(getattr(status.coverage, "name", "")) in ("ENTIRE_FILE", "ENTIRE_REVISION")
    intact, valid, trusted = bool(status.intact), bool(status.valid), bool(status.trusted)
    changed = status.modification_level is not None and status.modification_level.name == "OTHER"
    if changed:
        intact = False
    return Found(signer, signed_at, intact, valid, trusted, whole, _said(signer, signed_at, intact, valid, trusted))


def _said(signer: str | None, signed_at: datetime | None, intact: bool, valid: bool, trusted: bool) -> Words:
    zone = Settings().zone
    moment = f"{signed_at.astimezone(zone):%H:%M:%S %d/%m/%Y}" if signed_at else "?"
    vi = [f"Người ký: {signer or '?'}; lúc {moment} (giờ Hà Nội, theo máy người ký)"]
    en = [f"Signed by {signer or '?'} at {moment} (Hà Nội time, as the signer's machine says)"]
    vi.append("nội dung nguyên vẹn" if intact else "NỘI DUNG ĐÃ BỊ SỬA sau khi ký")
    en.append("intact" if intact else "CHANGED after it was signed")
    vi.append("chữ ký hợp lệ về mật mã" if valid else "CHỮ KÝ KHÔNG HỢP LỆ")
    en.append("cryptographically valid" if valid else "NOT VALID")
    vi.append("chứng thư thuộc kho tin cậy" if trusted else "chứng thư chưa thuộc kho tin cậy của cơ quan")
    en.append("trusted by the office's store" if trusted else "not trusted by the office's store")
    return Words("; ".join(vi), "; ".join(en))


def _signer(signature: Any) -> str | None:
    try:
        return str(signature.signer_cert.subject.human_friendly)[:300]
    except Exception:  # a signature without a certificate
        return None


def _roots(trust: Path) -> list[Any]:
    """The certificates that the office trusts: PEM or DER files in the folder; one that cannot be read is left out."""
    from pyhanko.keys import load_cert_from_pemder

    files = sorted(trust.glob("*")) if trust.is_dir() else []
    found = []
    for file in files:
        try:
            found.append(load_cert_from_pemder(str(file)))
        except (OSError, ValueError):
            continue
    return found


def _nothing(
    said: Words, error: Exception | None = None, signer: str | None = None, signed_at: datetime | None = None
) -> Found:
    kind = f" ({type(error).__name__})" if error else ""
    return Found(signer, signed_at, False, False, False, False, Words(said.vi + kind, said.en + kind))


_UNSIGNED = Words("Tệp PDF không có chữ ký số", "The PDF bears no signature")
_BROKEN = Words("Tệp PDF hỏng, không đọc được chữ ký", "The PDF is broken; no signature can be read")
_UNVERIFIED = Words("Có chữ ký nhưng không kiểm tra được", "There is a signature, but it cannot be verified")
