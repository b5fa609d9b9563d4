"""Evidence: known by its content, stored once, never replaced; signatures verified, and said of each what was found."""

import io
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.writer import PageObject, PdfFileWriter
from pyhanko.sign import signers
from sqlalchemy import select

from models.errors import Refusal
from models.records.dossiers import Dossier
from models.records.units import Unit
from tasks import clock
from tasks.database import reading
from tasks.evidence import kind_of, store
from tasks.settings import Settings
from tasks.signatures import look_into

AT = clock.moment(date(2025, 1, 8))
SIGNER = "Nguoi ky (minh hoa)"


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A key and a certificate that sign themselves; plainly of a test."""
    folder = tmp_path_factory.mktemp("keys")
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, SIGNER)])
    begin = datetime(2020, 1, 1, tzinfo=UTC)
    usage = x509.KeyUsage(True, True, False, False, False, True, False, False, False)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(begin)
        .not_valid_after(begin + timedelta(days=20_000))
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.TraditionalOpenSSL
    (folder / "key.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, form, plain))
    (folder / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return folder / "key.pem", folder / "cert.pem"


def unsigned() -> bytes:
    from pyhanko.pdf_utils import generic

    writer = PdfFileWriter(stream_xrefs=False)
    stream = writer.add_object(generic.StreamObject(stream_data=b"BT ET"))
    writer.insert_page(PageObject(contents=stream, media_box=(0, 0, 200, 200), resources=generic.DictionaryObject()))
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


@pytest.fixture(scope="module")
def signed(keys: tuple[Path, Path]) -> bytes:
    signer = signers.SimpleSigner.load(str(keys[0]), str(keys[1]))
    assert signer
    made = io.BytesIO()
    writer = IncrementalPdfFileWriter(io.BytesIO(unsigned()))
    signers.sign_pdf(writer, signers.PdfSignatureMetadata(field_name="S1"), signer=signer, output=made)
    return made.getvalue()


def test_a_good_signature_says_who_and_when_and_whether_the_office_trusts_it(
    signed: bytes, keys: tuple[Path, Path], tmp_path: Path
) -> None:
    (untrusted,) = look_into(signed, tmp_path, AT)
    assert untrusted.signer
    assert SIGNER in untrusted.signer
    assert (untrusted.intact, untrusted.valid, untrusted.trusted) == (True, True, False)
    assert "giờ Hà Nội" in untrusted.finding.vi
    (tmp_path / "root.pem").write_bytes(keys[1].read_bytes())
    (trusted,) = look_into(signed, tmp_path, AT)
    assert (trusted.intact, trusted.valid, trusted.trusted) == (True, True, True)


def test_a_file_changed_after_it_was_signed_is_a_finding(signed: bytes, tmp_path: Path) -> None:
    (found,) = look_into(signed.replace(b"BT ET", b"BT  T"), tmp_path, AT)
    assert not found.intact


@pytest.mark.parametrize("content", [b"%PDF-1.7 broken", b"%PDF-", unsigned(), unsigned()[:300]])
def test_an_unsigned_or_broken_file_is_a_finding_and_no_crash(content: bytes, tmp_path: Path) -> None:
    (found,) = look_into(content, tmp_path, AT)
    assert (found.signer, found.valid) == (None, False)
    assert found.finding.vi


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7", "pdf"),
        (b"\x89PNG\r\n\x1a\n", "png"),
        (b"\xff\xd8\xff\xe0", "jpeg"),
        (b"MZ", None),
        (b"PK\x03\x04", None),
    ],
)
def test_a_file_is_what_its_content_says(content: bytes, kind: str | None) -> None:
    assert kind_of(content) == kind


def test_a_stored_file_that_was_changed_is_refused_and_not_replaced(home: Path) -> None:
    path = store(Settings(), "0" * 64, "pdf", b"%PDF-1.7")
    with pytest.raises(Refusal) as refused:
        store(Settings(), "0" * 64, "pdf", b"%PDF-1.7")  # its content has never had this number
    assert refused.value.code == "evidence_changed"
    assert path.read_bytes() == b"%PDF-1.7"
    assert path.is_relative_to(home)


def test_evidence_is_listed_per_indicator_and_stored_once(
    trial: Settings, tcpl: Callable[..., Any], signed: bytes, tmp_path: Path
) -> None:
    with reading(trial) as session:
        code = session.scalars(select(Unit.code).join(Dossier, Dossier.unit_id == Unit.id).order_by(Unit.code)).first()
    file = tmp_path / "quyet-dinh.pdf"
    file.write_bytes(signed)
    words = ("evidence", "add", code, "--year", "2024", str(file), "--by", "A (minh họa)", "--json")
    first = tcpl(*words, "--indicator", "2.1")
    assert (first.status, first.json["new"], first.json["kind"]) == (0, True, "pdf"), first.err
    assert first.json["signatures"][0]["intact"] is True
    assert tcpl(*words, "--indicator", "2.1").json["new"] is False
    assert tcpl(*words, "--indicator", "2.2").json["new"] is True
    assert tcpl(*words, "--indicator", "9.9").json["error"]["code"] == "unknown_item"
    listed = tcpl("evidence", "list", code, "--year", "2024", "--json").json["evidence"]
    assert [one["indicator"] for one in listed] == ["2.1", "2.2"]
    assert len(list((trial.home / "evidence").rglob("*.pdf"))) == 1


@pytest.mark.parametrize("engines", ["sqlite"], indirect=True)
def test_a_decisions_file_says_who_signed_it_and_when_beside_its_own_date(
    appraised: Any, tcpl: Callable[..., Any], signed: bytes, keys: tuple[Path, Path], home: Path, tmp_path: Path
) -> None:
    _, unit, codes = appraised
    (home / "trust").mkdir()
    (home / "trust" / "office.pem").write_bytes(keys[1].read_bytes())
    file = tmp_path / "qd.pdf"
    file.write_bytes(signed)
    where = ("--province", "96", "--year", "2024", "--trial", "--by", "Văn thư (minh họa)", "--on", "2025-02-06")
    said = ("--unit", unit, "--number", "1/QĐ", "--signed-on", "2025-02-06", "--signer", "C (minh họa)")
    told = tcpl("decide", "sign", *where, *said, "--file", file, "--json").json
    assert (told["new"], told["paper"]["file"]) == (3, "qd.pdf")
    assert "chữ ký hợp lệ về mật mã; chứng thư thuộc kho tin cậy" in told["paper"]["signatures"][0]
    assert "quyết định ghi ngày 06/02/2025" in told["paper"]["remarks"][0]
    shown = tcpl("dossier", codes[0], "--year", "2024", "--json", "--lang", "en").json["decisions"][0]
    assert (shown["file_name"], shown["file_hash"]) == ("qd.pdf", told["paper"]["sha256"])
    assert "cryptographically valid" in shown["signatures"][0]
    again = tcpl("decide", "attach", *where, "--unit", unit, "--number", "1/QĐ", "--file", file, "--json").json
    assert (again["new"], again["paper"]) == (0, told["paper"])
