"""Makes the Word templates of the official forms: `python -m tasks.form_templates`.

An office may edit the templates in Word instead; this is how they began. Titles come from the regulation's data when a
form is filled, never from here. The layouts are ours: Phụ lục II of TT 09/2021 was not read, and each form says so.
"""

from collections.abc import Sequence

from tasks.form_pages import CENTRE, FOLDER, LEFT, Column, Page

__all__ = ("FOLDER", "TEMPLATES", "make_all")

CHAIR = "TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH"
CRITERIA: Sequence[Column] = (
    ("Tiêu chí", "id", 1.6),
    ("Nội dung", "title", 8),
    ("Tối đa", "maximum", 2),
    ("Kết quả", "found", 2.2),
    ("Đáp ứng", "meets", 2.2),
)
COMMUNES: Sequence[Column] = (
    ("TT", "number", 1),
    ("Mã", "code", 1.8),
    ("Đơn vị", "name", 5),
    ("{{ result_heading }}", "total", 2),
    ("Ghi chú", "remark", 6),
)
PLACES: Sequence[Column] = (
    ("Mã", "id", 1.4),
    ("Tiêu chí, chỉ tiêu, nội dung", "title", 10),
    ("Tối đa", "maximum", 1.8),
)
NOBODY = "Không có đơn vị nào."


def _report_of_a_commune() -> None:
    page = Page()
    page.head()
    page.say("1. Căn cứ: {{ regulation }}.", indent=True)
    page.say("2. Quá trình tự đánh giá:", indent=True, follow=True)
    page.each("postings", "- Niêm yết {{ line }}", "- Niêm yết công khai: {{ posting }}.")
    page.say("- Ý kiến nhận được: {{ opinions_count }}; tổng hợp, tiếp thu, giải trình theo Mẫu số 03.", indent=True)
    page.say("- Họp đánh giá kết quả: {{ meeting }}.", indent=True)
    page.say("3. Kết quả tự đánh giá: {{ total_words }}.", indent=True, follow=True)
    page.rows(CRITERIA, "criteria")
    page.say("4. Điều kiện về người đứng đầu cấp ủy, chính quyền cấp xã: {{ leader }}.", indent=True)
    page.say("5. Nội dung chưa đạt:", indent=True, follow=True)
    page.each("shortfalls", "- {{ line }}", "- Không có.")
    page.when("undetermined", "Chưa xác định được: {{ undetermined }}.")
    page.write_in("6. Tồn tại, hạn chế và biện pháp khắc phục (đơn vị ghi):")
    page.when("explanation", "Giải trình của đơn vị: {{ explanation }}")
    page.when("not declares_not_met", "Đề nghị công nhận đạt chuẩn tiếp cận pháp luật năm {{ year }}.", bold=True)
    page.when("declares_not_met", "Đơn vị tự nhận chưa đạt chuẩn; gửi báo cáo và bản tổng hợp điểm số.", bold=True)
    page.signatures(("Nơi nhận:\n- Cơ quan tiếp nhận hồ sơ;\n- Lưu: VT.", ""), (CHAIR, ""))
    page.save("mau-01")


def _scorecard() -> None:
    page = Page(wide=True)
    page.head()
    columns = (*PLACES, ("Số liệu thực hiện", "basis", 3), ("Tỷ lệ đạt", "ratio", 2), ("Tự chấm", "own", 2.2))
    page.rows((*columns, ("Chữ ký công chức phụ trách", "officer", 3)), "lines", strong="line.strong")
    page.say("{{ total_words }}.", bold=True, follow=True)
    page.signatures(("CÔNG CHỨC TƯ PHÁP - HỘ TỊCH", ""), (CHAIR, ""))
    page.save("mau-02")


def _opinions_on_the_drafts() -> None:
    page = Page(wide=True)
    page.head()
    page.say("1. Niêm yết công khai dự thảo báo cáo và bản tổng hợp điểm số:", indent=True, follow=True)
    page.each("postings", "- {{ line }}", "- {{ posting }}.")
    page.say("2. Ý kiến nhận được: {{ opinions_count }}.", indent=True, follow=True)
    columns = (("TT", "number", 1), ("Ngày nhận", "on", 2.4), ("Người, tổ chức góp ý", "sender", 4))
    columns += (("Chỉ tiêu", "place", 1.6), ("Nội dung ý kiến", "opinion", 7), ("Xử lý", "how", 2))
    page.rows((*columns, ("Nội dung tiếp thu, giải trình", "answer", 7)), "opinions", blank=2)
    page.signatures(("NGƯỜI TỔNG HỢP", ""), (CHAIR, ""))
    page.save("mau-03")


def _opinions_on_forms_and_models() -> None:
    page = Page()
    page.head()
    page.say("I. PHIẾU LẤY Ý KIẾN", bold=True, follow=True)
    page.write_in("Họ tên, đơn vị (không bắt buộc):", 1)
    columns = (("TT", "number", 1), ("Hình thức, mô hình", "model", 8), ("Hiệu quả", "blank", 2.2))
    page.rows((*columns, ("Chưa hiệu quả", "blank", 2.4), ("Ý kiến khác", "blank", 4)), "models", blank=2)
    page.say("II. BẢN TỔNG HỢP", bold=True, follow=True)
    columns = (("TT", "number", 1.3), ("Hình thức, mô hình", "model", 6), ("Phiếu phát ra", "asked", 2))
    columns += (("Phiếu thu về", "collected", 2), ("Đánh giá hiệu quả", "effective", 2.2), ("Tỷ lệ", "share", 2))
    page.rows((*columns, ("Ghi chú", "note", 3)), "models", nothing="Chưa ghi nhận trong hồ sơ điện tử.", blank=1)
    page.signatures(("NGƯỜI TỔNG HỢP", ""), (CHAIR, ""))
    page.save("mau-04")


def _minutes() -> None:
    page = Page()
    page.head()
    page.say("1. Ngày họp: {{ held_on }}. Địa điểm: ………………………………", align=LEFT, indent=True)
    page.say("2. Tài liệu gửi thành viên ngày {{ papers_sent_on }}{{ late_papers }}.", indent=True)
    page.say(
        "3. Thành phần: {{ attended }}/{{ members }} thành viên dự; cần ít nhất {{ needed }} ({{ quorum_article }}).",
        indent=True,
    )
    page.say("4. Chủ trì: {{ chair }}. Thư ký: {{ secretary }}.", indent=True)
    page.say("5. Ý kiến bằng văn bản của thành viên vắng mặt:", indent=True, follow=True)
    page.each(
        "opinions", "- {{ line.member }}: {{ line.document }}, ngày {{ line.received_on }}{{ line.why }}", "- Không có."
    )
    page.write_in("6. Ý kiến thảo luận (Thư ký ghi):", 3)
    page.say("7. Kết quả thẩm định (văn bản không quy định tỷ lệ biểu quyết):", indent=True, follow=True)
    columns = (("TT", "number", 1), ("Mã", "code", 1.8), ("Đơn vị", "name", 5), ("Tự chấm", "own", 2.2))
    page.rows((*columns, ("Thẩm định", "total", 2.2), ("Kết luận", "verdict", 3)), "communes")
    page.say(
        "Biên bản kết thúc hồi …… giờ …… cùng ngày, có chữ ký của người chủ trì và Thư ký.", align=LEFT, indent=True
    )
    page.signatures(("THƯ KÝ", "{{ secretary }}"), ("NGƯỜI CHỦ TRÌ", "{{ chair }}"))
    page.save("mau-05")


def _members_opinions() -> None:
    page = Page()
    page.head()
    page.say("I. PHIẾU LẤY Ý KIẾN THẨM ĐỊNH CỦA THÀNH VIÊN", bold=True, follow=True)
    page.write_in("Họ tên, chức vụ thành viên:", 1)
    page.write_in("Lĩnh vực được phân công:", 1)
    columns = (("TT", "number", 1), ("Mã", "code", 1.8), ("Đơn vị", "name", 5), ("Điểm thẩm định", "blank", 3))
    page.rows((*columns, ("Ý kiến", "blank", 6)), "communes")
    page.signatures(("", ""), ("THÀNH VIÊN HỘI ĐỒNG", ""))
    page.turn()
    page.say("II. BẢN TỔNG HỢP Ý KIẾN THẨM ĐỊNH", bold=True, follow=True)
    columns = (("TT", "number", 1), ("Thành viên", "member", 5), ("Văn bản", "document", 3.4))
    columns += (("Ngày nhận", "received_on", 2.6), ("Ghi chú", "remark", 4))
    page.rows(columns, "opinions", nothing="Chưa ghi nhận ý kiến bằng văn bản nào.")
    page.say("Kết quả thẩm định:", bold=True, follow=True)
    columns = (("TT", "number", 1), ("Mã", "code", 1.8), ("Đơn vị", "name", 5), ("Tự chấm", "own", 2.2))
    page.rows((*columns, ("Thẩm định", "total", 2.2), ("Kết luận", "verdict", 3)), "communes")
    page.signatures(("NGƯỜI TỔNG HỢP", ""), ("TRƯỞNG PHÒNG TƯ PHÁP", ""))
    page.save("mau-06")


def _appraised_scorecard() -> None:
    page = Page(wide=True)
    page.head()
    columns = (*PLACES, ("Tự chấm", "own", 2.2), ("Thẩm định", "appraised", 2.2), ("Lý do khi khác", "reason", 6))
    page.rows(columns, "lines", strong="line.strong")
    page.say("{{ total_words }}. Kết luận theo quy định: {{ verdict }}.", bold=True, follow=True)
    page.each("shortfalls", "- {{ line }}")
    page.signatures(("THƯ KÝ HỘI ĐỒNG", ""), ("TM. HỘI ĐỒNG\nCHỦ TỊCH HỘI ĐỒNG", ""))
    page.save("mau-07")


def _decision() -> None:
    page = Page()
    page.head("QUYẾT ĐỊNH", "Về việc công nhận đơn vị cấp xã đạt chuẩn tiếp cận pháp luật năm {{ year }}")
    page.say("{{ authority }}", align=CENTRE, bold=True)
    page.each("grounds", "{{ line }}")
    page.say("Thẩm quyền: {{ authority_article }}.", italic=True, indent=True)
    page.say("QUYẾT ĐỊNH:", align=CENTRE, bold=True, follow=True)
    page.say(
        "Điều 1. Công nhận {{ recognised|length }} đơn vị đạt chuẩn tiếp cận pháp luật năm {{ year }} (danh sách 1).",
        indent=True,
    )
    page.say(
        "Điều 2. {{ not_recognised|length }} đơn vị chưa đạt chuẩn tiếp cận pháp luật năm {{ year }} (danh sách 2).",
        indent=True,
    )
    page.when("replaces", "Quyết định này thay thế kết quả tại: {{ replaces }}. Lý do: {{ reason }}.")
    page.when("publication", "Điều 3. {{ publication }}.")
    page.say(
        "{{ last_article }} Các cơ quan có liên quan và các đơn vị có tên trong danh sách thi hành Quyết định này.",
        indent=True,
    )
    page.when("replaced", "Kết quả của {{ replaced }} đã được quyết định sau thay thế.", italic=True)
    page.signatures(
        ("Nơi nhận:\n- Các đơn vị có tên trong danh sách;\n- Cấp trên trực tiếp;\n- Lưu: VT.", ""),
        ("{{ position_upper }}", "{{ signer }}"),
    )
    page.turn()
    for number, (name, source) in enumerate((("ĐẠT CHUẨN", "recognised"), ("CHƯA ĐẠT CHUẨN", "not_recognised")), 1):
        page.say(f"DANH SÁCH {number}: ĐƠN VỊ {name} TIẾP CẬN PHÁP LUẬT", align=CENTRE, bold=True, follow=True)
        page.say("(Kèm theo Quyết định số {{ number }}{{ dated }})", align=CENTRE, italic=True, follow=True)
        page.rows(COMMUNES, source, nothing=NOBODY)
    page.save("mau-08")


def _figures() -> None:
    page = Page()
    page.head()
    page.rows((("TT", "number", 1), ("Chỉ tiêu thống kê", "name", 10), ("Số liệu", "value", 4)), "figures")
    page.say("Nội dung chưa đạt, theo số đơn vị:", bold=True, follow=True)
    page.rows((("Nội dung", "name", 11), ("Số đơn vị", "value", 4)), "reasons", nothing="Không có.")
    page.when("by_unit", "Theo đơn vị:", bold=True, follow=True)
    columns = (("Đơn vị", "name", 6), ("Đánh giá", "all", 2.2), ("Đạt", "recognised", 2.2))
    columns += (("Chưa đạt", "not_recognised", 2.2), ("Chưa quyết định", "undecided", 2.6))
    page.say("{%p if by_unit %}")
    page.rows(columns, "by_unit")
    page.say("{%p endif %}")
    page.signatures(("NGƯỜI LẬP BIỂU", ""), ("THỦ TRƯỞNG ĐƠN VỊ", ""))
    page.save("mau-09")


def _report() -> None:
    page = Page()
    page.head()
    page.say("Thực hiện {{ regulation }}, {{ issuer_plain }} báo cáo:", indent=True)
    page.say("1. Kết quả: {{ result_words }}.", indent=True)
    page.say("2. Danh sách đạt chuẩn:", indent=True, follow=True)
    page.rows(COMMUNES, "recognised", nothing=NOBODY)
    page.say("3. Danh sách chưa đạt chuẩn:", indent=True, follow=True)
    page.rows(COMMUNES, "not_recognised", nothing=NOBODY)
    page.when("undecided", "Chưa có quyết định: {{ undecided }}.")
    page.when("contrary", "Quyết định khác kết luận theo quy định: {{ contrary }}.")
    page.say("4. Thời hạn: {{ punctuality }}.", indent=True)
    page.say("5. Kiến nghị, phản ánh, khiếu nại: {{ complaints }}.", indent=True)
    page.write_in("6. Khó khăn, vướng mắc; đề xuất, kiến nghị (cơ quan ghi):", 3)
    page.signatures(("Nơi nhận:\n- Cơ quan nhận báo cáo;\n- Lưu: VT.", ""), ("{{ signs_for }}", ""))
    page.save("mau-10")


def _lists() -> None:
    page = Page()
    page.head()
    page.say("{{ result_words }}.", indent=True)
    page.say("DANH SÁCH ĐẠT CHUẨN", align=CENTRE, bold=True, follow=True)
    page.rows(COMMUNES, "recognised", nothing=NOBODY)
    page.say("DANH SÁCH CHƯA ĐẠT CHUẨN", align=CENTRE, bold=True, follow=True)
    page.rows(COMMUNES, "not_recognised", nothing=NOBODY)
    page.when("undecided", "Chưa có quyết định: {{ undecided }}.")
    page.save("danh-sach")


TEMPLATES = (
    *(_report_of_a_commune, _scorecard, _opinions_on_the_drafts, _opinions_on_forms_and_models, _minutes),
    *(_members_opinions, _appraised_scorecard, _decision, _figures, _report, _lists),
)


def make_all() -> None:
    """Write every template anew; what an office changed in them is lost."""
    for make in TEMPLATES:
        make()


if __name__ == "__main__":
    make_all()
