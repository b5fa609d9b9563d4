"""The score sheet as a part, in the two forms that regulations have: points, or met and not met."""

from dataclasses import replace

from models.words import Words
from tasks.workbook_layout import Column, Part

CROSS = Words("x", "x")
MET, NOT_MET = Words("Đạt", "Met"), Words("Chưa đạt", "Not met")

_ID = Column("id", Words("Mã", "Id"), 7, "fixed")
_TITLE = Column("title", Words("Tiêu chí, chỉ tiêu, nội dung", "Criterion, indicator, content"), 46, "fixed")
_MARK = Column("mark", Words("Độ tin cậy của số này", "How sure this number is"), 13, "fixed")
_NOT_ARISEN = Column("not_arisen", Words("Không phát sinh (x)", "Not arisen (x)"), 9, "choice", {"yes": CROSS})
_REASON = Column("reason", Words("Căn cứ, giải trình", "Grounds, explanation"), 30, "text")
_CHECK = Column("check", Words("Kiểm tra", "Check"), 12, "formula")
_BEFORE = Column("before", Words("Năm trước", "Last year"), 9, "fixed")

POINTS = Part(
    "scores",
    "Tự chấm điểm",
    Words("BẢN TỔNG HỢP ĐIỂM SỐ (TỰ CHẤM)", "SCORE SHEET (SELF-SCORED)"),
    Words(
        "Chỉ điền ô nền vàng. Điểm có thể lẻ đến bốn chữ số thập phân; cộng tự động.",
        "Fill in yellow cells only. Points may have up to four decimals; sums are made for you.",
    ),
    (
        _ID,
        _TITLE,
        Column("maximum", Words("Điểm tối đa", "Maximum"), 8, "fixed"),
        _MARK,
        Column("figures", Words("Số liệu thực hiện", "Figures"), 17, "text", longest=300),
        Column("share", Words("Tỷ lệ đạt", "Share"), 9, "text", longest=60),
        _NOT_ARISEN,
        Column("answer", Words("Điểm tự chấm", "Self-score"), 9, "points"),
        _REASON,
        _CHECK,
        _BEFORE,
    ),
)

LEVELS = Part(
    "scores",
    "Tự đánh giá",
    Words("BẢN TỰ ĐÁNH GIÁ CÁC CHỈ TIÊU", "SELF-ASSESSMENT OF THE INDICATORS"),
    Words(
        "Chỉ điền ô nền vàng. Chỉ tiêu đo bằng tỷ lệ hoặc số lượng thì chỉ nhập số, kết quả tự tính.",
        "Fill in yellow cells only. Where a ratio or a count is asked, give numbers: the result is computed.",
    ),
    (
        _ID,
        _TITLE,
        Column("required", Words("Yêu cầu để đạt", "Required"), 30, "fixed"),
        replace(_MARK, head=Words("Độ tin cậy của yêu cầu", "How sure this is")),
        Column("part", Words("Số thực hiện", "Part or count"), 10, "number"),
        Column("whole", Words("Tổng số", "Whole"), 10, "number"),
        Column("share", Words("Tỷ lệ (%)", "Share (%)"), 9, "formula"),
        _NOT_ARISEN,
        Column("answer", Words("Kết quả", "Result"), 11, "choice", {"yes": MET, "no": NOT_MET}),
        _REASON,
        _CHECK,
        _BEFORE,
    ),
)
