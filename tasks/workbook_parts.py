"""The sheets beside the score sheet, each as a part with its columns; all parts of a regulation, in their order."""

from dataclasses import replace

from models.law.leaders import MEASURE_WORDS, ROLE_WORDS, Measure, Role
from models.law.posting import CHANNEL_WORDS
from models.law.regulation import Regulation
from models.words import Words
from tasks.workbook_layout import Column, Part
from tasks.workbook_score_parts import LEVELS, POINTS

YES, NO = Words("Có", "Yes"), Words("Không", "No")
PROPOSES = Words("Đề nghị công nhận đạt chuẩn", "Proposes recognition")
DECLARES_NOT_MET = Words("Tự nhận chưa đạt chuẩn", "Declares the standard not met")
ACCEPTED, EXPLAINED = Words("Tiếp thu", "Accepted"), Words("Giải trình", "Explained")

_QUESTION = Column("question", Words("Nội dung", "Question"), 46, "fixed")
_ANSWER = Column("answer", Words("Điền vào cột này", "Answer in this column"), 52, "text", longest=4000)
_HINT = Column("hint", Words("Cách điền", "How to fill it in"), 48, "fixed")
_NUMBER = Column("number", Words("STT", "No."), 6, "fixed")
_PLACE = Column("place", Words("Chỉ tiêu", "Indicator"), 10, "place")

_CHANNELS = {str(channel): words for channel, words in CHANNEL_WORDS.items()}
_ROLES = {str(role): ROLE_WORDS[role] for role in Role}
_MEASURES = {str(measure): MEASURE_WORDS[measure] for measure in Measure}
_YES_NO = {"yes": YES, "no": NO}

OUTCOME = Part(
    "outcome",
    "Kết quả đề nghị",
    Words("KẾT QUẢ ĐỀ NGHỊ", "WHAT IS PROPOSED"),
    Words(
        "Đơn vị tự nhận chưa đạt vẫn phải gửi báo cáo và bản tổng hợp; chọn đúng và giải trình là đủ.",
        "A commune that does not meet the standard reports all the same: choose so, and explain the gaps.",
    ),
    (_QUESTION, _ANSWER, _HINT),
    fields=(
        Column(
            "outcome",
            Words("Đơn vị đề nghị", "The commune"),
            0,
            "choice",
            {"proposes": PROPOSES, "not_met": DECLARES_NOT_MET},
            required=True,
        ),
        Column("document", Words("Số, ký hiệu văn bản gửi", "Number of the covering letter"), 0, "text", longest=120),
        Column("signed_on", Words("Ngày ký văn bản", "Signed on"), 0, "day"),
        Column("filled_by", Words("Người lập bản này", "Filled in by"), 0, "text", longest=200),
        Column(
            "explanation",
            Words("Tồn tại, hạn chế và hướng khắc phục", "Shortfalls, and how they will be mended"),
            0,
            "text",
            longest=4000,
        ),
    ),
)

POSTING = Part(
    "posting",
    "Niêm yết",
    Words("NIÊM YẾT CÔNG KHAI DỰ THẢO", "POSTING OF THE DRAFTS"),
    Words("", ""),  # the regulation's own rule stands here
    (
        _NUMBER,
        Column("channel", Words("Hình thức", "Channel"), 26, "choice", _CHANNELS, required=True),
        Column("place_of", Words("Địa điểm, địa chỉ trang", "Place or address"), 34, "text", longest=300),
        Column("began", Words("Từ ngày", "From"), 13, "day", required=True),
        Column("ended", Words("Đến ngày", "To"), 13, "day"),
        Column("times", Words("Số lần phát thanh", "Broadcasts"), 11, "whole"),
        Column("lasted", Words("Số ngày", "Days"), 9, "formula"),
        Column("proof", Words("Minh chứng (biên bản, ảnh, đường dẫn)", "Proof"), 36, "text", longest=500),
    ),
)

OPINIONS = Part(
    "opinions",
    "Ý kiến và giải trình",
    Words("TỔNG HỢP, TIẾP THU, GIẢI TRÌNH Ý KIẾN", "OPINIONS, ACCEPTED OR EXPLAINED"),
    Words(
        "Ghi đầy đủ, khách quan; không có ý kiến nào thì để trống cả bảng.",
        "In full and impartially; leave the table empty if there was no opinion.",
    ),
    (
        _NUMBER,
        Column("on", Words("Ngày nhận", "Received"), 13, "day"),
        Column("from", Words("Người, tổ chức góp ý", "From"), 26, "text", longest=200),
        _PLACE,
        Column("opinion", Words("Nội dung ý kiến", "Opinion"), 42, "text", required=True, longest=2000),
        Column("how", Words("Xử lý", "Done"), 12, "choice", {"accepted": ACCEPTED, "explained": EXPLAINED}),
        Column("answer", Words("Nội dung tiếp thu, giải trình", "Answer"), 42, "text", longest=2000),
    ),
    rows=15,
)

MODELS = Part(
    "models",
    "Mẫu 04",
    Words(
        "TỔNG HỢP Ý KIẾN VỀ HÌNH THỨC, MÔ HÌNH PBGDPL HIỆU QUẢ (MẪU 04)",
        "OPINIONS ON EFFECTIVE WAYS OF LEGAL EDUCATION (FORM 04)",
    ),
    Words(
        "Tổng hợp từ các phiếu lấy ý kiến; bố cục chính thức của Mẫu 04 phần mềm chưa có, chỉ ghi số liệu.",
        "A summary of the collected sheets; the official layout of form 04 is not known to us: figures only.",
    ),
    (
        _NUMBER,
        Column("model", Words("Hình thức, mô hình", "Form or model"), 44, "text", required=True, longest=300),
        Column("asked", Words("Số phiếu phát ra", "Sheets handed out"), 13, "whole"),
        Column("collected", Words("Số phiếu thu về", "Sheets collected"), 13, "whole"),
        Column("effective", Words("Số phiếu đánh giá hiệu quả", "Found effective"), 14, "whole"),
        Column("share", Words("Tỷ lệ (%)", "Share (%)"), 10, "formula"),
        Column("note", Words("Ghi chú", "Note"), 36, "text", longest=500),
    ),
    rows=10,
)

MEETING = Part(
    "meeting",
    "Họp đánh giá",
    Words("HỌP ĐÁNH GIÁ KẾT QUẢ", "EVALUATION MEETING"),
    Words(
        "Chủ trì là lãnh đạo UBND cấp xã; văn bản không quy định số người dự tối thiểu hay tỷ lệ biểu quyết.",
        "Chaired by a leader of the People's Committee; the text sets no quorum and no majority.",
    ),
    (_QUESTION, _ANSWER, _HINT),
    fields=(
        Column("held_on", Words("Ngày họp", "Held on"), 0, "day"),
        Column("place_of", Words("Địa điểm", "Place"), 0, "text", longest=300),
        Column("chaired_by", Words("Chủ trì (họ tên, chức vụ)", "Chaired by (name, position)"), 0, "text", longest=200),
        Column("attended", Words("Số người dự", "How many attended"), 0, "whole"),
        Column("who", Words("Thành phần dự họp", "Who attended"), 0, "text", longest=2000),
        Column("conclusion", Words("Kết luận cuộc họp", "Conclusion"), 0, "text", longest=4000),
        Column("minutes", Words("Số, ngày biên bản", "Minutes (number, date)"), 0, "text", longest=120),
    ),
)

OFFICERS = Part(
    "officers",
    "Phân công",
    Words("CÔNG CHỨC PHỤ TRÁCH TỪNG CHỈ TIÊU", "OFFICER IN CHARGE OF EACH INDICATOR"),
    Words("Mỗi chỉ tiêu một người chịu trách nhiệm chính.", "One person answers for each indicator."),
    (
        Column("place", Words("Chỉ tiêu", "Indicator"), 10, "fixed"),
        Column("title", Words("Nội dung", "Title"), 62, "fixed"),
        Column("officer", Words("Họ và tên công chức", "Officer"), 30, "text", longest=200),
        Column("position", Words("Chức danh", "Position"), 24, "text", longest=200),
        Column("signature", Words("Chữ ký", "Signature"), 16, "fixed"),
    ),
)

EVIDENCE = Part(
    "evidence",
    "Minh chứng",
    Words("DANH MỤC TÀI LIỆU MINH CHỨNG", "LIST OF EVIDENCE"),
    Words(
        "Tên tệp ghi đúng như tệp gửi kèm; một tài liệu dùng cho nhiều chỉ tiêu thì ghi nhiều dòng.",
        "The file's name exactly as it is sent; a document that serves several indicators takes several rows.",
    ),
    (
        _NUMBER,
        replace(_PLACE, required=True),
        Column("title", Words("Tên tài liệu", "Document"), 48, "text", required=True, longest=300),
        Column("mark", Words("Số, ký hiệu", "Number"), 20, "text", longest=120),
        Column("dated", Words("Ngày ban hành", "Dated"), 13, "day"),
        Column("file", Words("Tên tệp gửi kèm", "File"), 30, "text", longest=255),
        Column("note", Words("Ghi chú", "Note"), 20, "text", longest=500),
    ),
    rows=40,
)

LEADERS = Part(
    "leaders",
    "Người đứng đầu",
    Words("NGƯỜI ĐỨNG ĐẦU CẤP ỦY, CHÍNH QUYỀN CẤP XÃ", "HEADS OF THE PARTY COMMITTEE AND THE GOVERNMENT"),
    Words(
        "Trong năm đánh giá có trường hợp bị xử lý kỷ luật hành chính hoặc truy cứu trách nhiệm hình sự thì ghi từng "
        "trường hợp; không có thì chọn “Không” ở dòng đầu.",
        "Record each case of discipline or prosecution in the evaluation year; if there was none, choose 'No' in the "
        "first row.",
    ),
    (
        _NUMBER,
        Column("any", Words("Có trường hợp nào không?", "Was there any?"), 13, "choice", _YES_NO),
        Column("person", Words("Họ và tên", "Name"), 24, "text", longest=200),
        Column("role", Words("Chức vụ", "Role"), 24, "choice", _ROLES),
        Column("act", Words("Hành vi vi phạm", "Act"), 30, "text"),
        Column("on", Words("Ngày (hành vi, hoặc khởi tố)", "Day (of the act, or of prosecution)"), 14, "day"),
        Column("measure", Words("Hình thức xử lý", "Measure"), 24, "choice", _MEASURES),
        Column("duty", Words("Trong thi hành công vụ?", "In public duty?"), 12, "choice", _YES_NO),
        Column("document", Words("Quyết định (số, ngày)", "Decision (number, date)"), 24, "text", longest=200),
    ),
    rows=6,
)


def parts_of(regulation: Regulation) -> list[Part]:
    """The sheets to be filled under a regulation, in their order in the workbook."""
    scores = POINTS if regulation.scoring == "points" else LEVELS
    parts = [OUTCOME, scores, POSTING, OPINIONS, MODELS, MEETING, OFFICERS, EVIDENCE, LEADERS]
    left_out = set()
    if not any(document.form == "04" for _, step in regulation.steps() for document in step.documents):
        left_out.add(MODELS.key)
    if not any(rule.kind in ("leaders_clear", "unread") for rule in regulation.pass_rules):
        left_out.add(LEADERS.key)
    return [part for part in parts if part.key not in left_out]
