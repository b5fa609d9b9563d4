"""Which flows run when, and which acts have a run form: one entry a deployment, schedules in the offices' time zone."""

from dataclasses import dataclass

ZONE = "Asia/Ho_Chi_Minh"


@dataclass(frozen=True)
class Deployed:
    """A flow by its module path, its schedules as cron in `ZONE`, and how many of its runs may go on at once.

    A run that comes due while another is still going on is cancelled, not queued: the next one does its work.
    """

    entrypoint: str
    name: str
    crons: tuple[str, ...]
    concurrency_limit: int = 1


@dataclass(frozen=True)
class Act:
    """An act that a person starts by its run form, said in words; two people may do it at once."""

    entrypoint: str
    name: str
    words: str

    @property
    def topic(self) -> str:
        """The tag by which Prefect's page lists the acts of a kind."""
        return TOPICS[self.entrypoint.split(".")[1]]


TOPICS = {
    "commune_acts": "hồ sơ cấp xã",
    "review": "thẩm định",
    "decision": "quyết định",
    "local_acts": "việc riêng của cơ quan",
    "papers": "văn bản",
    "afterwards": "sau quyết định",
    "changes": "thay đổi",
}

CATALOGUE = (
    Deployed("flows.annual_cycle.annual_cycle", "annual-cycle", ("30 6 * * *",)),
    Deployed("flows.daily_watch.daily_watch", "daily-watch", ("0 7 * * *",)),
    Deployed("flows.delivery.delivery", "delivery", ("*/5 7-17 * * *", "0 0-6,18-23 * * *")),
    Deployed("flows.reporting.reporting", "reporting", ("45 7 * * *",)),
    Deployed("flows.intake.intake", "intake", ("*/10 7-17 * * *",)),
    Deployed("flows.watchdog.watchdog", "watchdog", ("*/15 * * * *",)),
    Deployed("flows.cleaning.cleaning", "cleaning", ("0 3 * * *",)),
)

ACTS = (
    Act("flows.commune_acts.workbooks", "workbooks", "Xuất bảng tính tự đánh giá của xã"),
    Act("flows.commune_acts.posting", "posting", "Ghi việc niêm yết dự thảo"),
    Act("flows.commune_acts.supplement", "supplement", "Yêu cầu bổ sung hồ sơ"),
    Act("flows.commune_acts.finding", "finding", "Ghi việc xử lý người đứng đầu"),
    Act("flows.review.find_complete", "find-complete", "Xác nhận hồ sơ đầy đủ"),
    Act("flows.review.save_notes", "save-notes", "Lưu điểm thẩm định của một người"),
    Act("flows.review.hold_council", "hold-council", "Ghi cuộc họp Hội đồng, hoặc lấy ý kiến bằng văn bản"),
    Act("flows.review.finish_appraisals", "finish-appraisals", "Chốt điểm thẩm định"),
    Act("flows.review.return_indicators", "return-indicators", "Trả lại chỉ tiêu để xã chấm lại"),
    Act("flows.review.revise", "revise-indicators", "Nhận bản chấm lại của xã"),
    Act("flows.decision.submit_to_chair", "submit-to-chair", "Trình người có thẩm quyền"),
    Act("flows.decision.sign_decision", "sign-decision", "Ghi quyết định đã ký"),
    Act("flows.decision.attach_decision_file", "attach-decision-file", "Gắn tệp đã ký vào quyết định"),
    Act("flows.decision.publish_decision", "publish-decision", "Ghi việc công khai quyết định"),
    Act("flows.decision.correct_decision", "correct-decision", "Ghi quyết định thay thế"),
    Act("flows.decision.consolidate", "consolidate", "Tổng hợp kết quả toàn tỉnh"),
    Act("flows.decision.publish_provincial_list", "publish-provincial-list", "Công bố danh sách toàn tỉnh"),
    Act("flows.decision.report_upward", "report-upward", "Báo cáo kết quả lên cấp trên"),
    Act("flows.local_acts.extend", "extend", "Gia hạn"),
    Act("flows.local_acts.suspend", "suspend", "Tạm dừng tính hạn"),
    Act("flows.local_acts.unlock", "unlock", "Mở khóa chỉ tiêu"),
    Act("flows.local_acts.reopen", "reopen", "Mở lại hồ sơ"),
    Act("flows.local_acts.record_complaint", "record-complaint", "Ghi kiến nghị, phản ánh, khiếu nại"),
    Act("flows.local_acts.assign_complaint", "assign-complaint", "Giao cấp giải quyết"),
    Act("flows.local_acts.report_complaint", "report-complaint", "Báo cáo người đứng đầu về phản ánh"),
    Act("flows.local_acts.settle_complaint", "settle-complaint", "Ghi kết quả giải quyết phản ánh"),
    Act("flows.papers.write_forms", "write-forms", "Xuất các mẫu biểu và danh sách"),
    Act("flows.papers.import_results", "import-results", "Nhập kết quả các năm trước"),
    Act("flows.afterwards.open_remedies", "open-remedies", "Giao việc khắc phục"),
    Act("flows.afterwards.edit_remedy", "edit-remedy", "Sửa việc khắc phục"),
    Act("flows.afterwards.prove_remedy", "prove-remedy", "Nộp minh chứng khắc phục"),
    Act("flows.afterwards.close_remedy", "close-remedy", "Đóng việc khắc phục"),
    Act("flows.afterwards.reopen_remedy", "reopen-remedy", "Mở lại việc khắc phục"),
    Act("flows.afterwards.carry_remedies", "carry-remedies", "Theo dõi tiếp việc khắc phục của kỳ trước"),
    Act("flows.afterwards.propose_commendations", "propose-commendations", "Đề xuất khen thưởng theo kế hoạch"),
    Act("flows.afterwards.nominate", "nominate", "Giới thiệu khen thưởng"),
    Act("flows.afterwards.confirm_commendations", "confirm-commendations", "Đồng ý đề xuất khen thưởng"),
    Act("flows.afterwards.refuse_commendations", "refuse-commendations", "Không đồng ý đề xuất khen thưởng"),
    Act("flows.afterwards.award_commendations", "award-commendations", "Ghi quyết định khen thưởng"),
    Act("flows.afterwards.close_cycle", "close-cycle", "Đóng kỳ đánh giá"),
    Act("flows.changes.amend_plan", "amend-plan", "Sửa kế hoạch của kỳ đang mở"),
    Act("flows.changes.confirm_value", "confirm-value", "Xác nhận một giá trị của văn bản"),
    Act("flows.changes.add_calendar_days", "add-calendar-days", "Ghi thay đổi ngày nghỉ, ngày làm bù"),
    Act("flows.changes.merge_units", "merge-units", "Chuyển hồ sơ của đơn vị sắp xếp"),
)
"""Every act has the name of its flow; what Prefect's page shows of it beside its form are `words`."""
