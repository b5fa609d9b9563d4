"""Why a Council's session is not taken, each in three sentences with the article that says so."""

from collections.abc import Sequence
from datetime import date

from models.errors import Refusal
from models.law.marks import LegalValue
from models.law.regulation import MostMembers, Quorum
from models.words import Words


def no_council(title: str) -> Refusal:
    return Refusal(
        "no_council",
        Words("Văn bản của kỳ này không có Hội đồng đánh giá.", "This cycle's regulation has no Council."),
        Words(f"Kỳ theo {title}.", f"The cycle goes by {title}."),
        Words("Bỏ qua bước này: ghi điểm thẩm định bằng `tcpl appraise`.", "Skip it: record with `tcpl appraise`."),
    )


def too_many_members(members: int, most: MostMembers) -> Refusal:
    return Refusal(
        "council_members",
        Words(
            f"Hội đồng có {members} thành viên; phải từ 1 đến {most.number}.",
            f"The Council has {members} members; it has 1 to {most.number}.",
        ),
        _says(most),
        Words("Kiểm tra lại quyết định thành lập Hội đồng.", "Check the decision that set it up."),
        members=members,
        most=most.number,
    )


def no_quorum(attended: int, members: int, needed: int, quorum: Quorum) -> Refusal:
    return Refusal(
        "council_without_quorum",
        Words(
            f"Có {attended}/{members} thành viên dự; phiên họp hợp lệ khi có ít nhất {needed}.",
            f"{attended} of {members} members attended; a valid meeting has at least {needed}.",
        ),
        _says(quorum),
        Words(
            "Họp lại, hoặc lấy ý kiến bằng văn bản (--written).",
            "Meet again, or take the opinions in writing (--written).",
        ),
        attended=attended,
        members=members,
        needed=needed,
    )


def more_than_all(attended: int, opinions: int, members: int) -> Refusal:
    return Refusal(
        "council_members",
        Words(
            f"{attended} người dự và {opinions} ý kiến bằng văn bản nhiều hơn {members} thành viên.",
            f"{attended} present and {opinions} in writing are more than {members} members.",
        ),
        Words("Ý kiến bằng văn bản là của thành viên vắng mặt.", "A written opinion is an absent member's."),
        Words("Kiểm tra lại danh sách.", "Check the list."),
    )


def doubled_opinion(members: Sequence[str]) -> Refusal:
    doubled = sorted({name for name in members if members.count(name) > 1})
    return Refusal(
        "council_opinion_twice",
        Words(f"Ý kiến của {', '.join(doubled)} ghi hai lần.", f"The opinion of {', '.join(doubled)} stands twice."),
        Words("Mỗi thành viên có một ý kiến bằng văn bản.", "A member has one written opinion."),
        Words("Bỏ bản ghi thừa.", "Leave one of them out."),
    )


def papers_late(sent_on: date, latest: date) -> Refusal:
    return Refusal(
        "council_papers_late",
        Words(
            f"Tài liệu họp gửi ngày {sent_on:%d/%m/%Y}, chậm nhất phải là {latest:%d/%m/%Y}.",
            f"The papers went out on {sent_on}; the last day for it was {latest}.",
        ),
        Words(
            "Văn bản yêu cầu gửi trước ngày họp ít nhất số ngày làm việc đó (bước send-council-papers).",
            "The text asks for so many working days before the meeting (step send-council-papers).",
        ),
        Words(
            "Nếu đã họp như vậy, ghi lý do bằng --late-papers; việc gửi chậm vẫn được đánh dấu.",
            "If it met all the same, say why with --late-papers; the lateness stays on record.",
        ),
        latest=latest,
    )


def not_held_yet(held_on: date) -> Refusal:
    return Refusal(
        "council_not_held_yet",
        Words(f"Ngày họp {held_on:%d/%m/%Y} chưa đến.", f"The meeting of {held_on} has not been held yet."),
        Words("Chỉ ghi phiên họp đã diễn ra.", "Only a session that was held is recorded."),
        Words("Ghi lại sau ngày họp.", "Record it after that day."),
    )


def no_written_track() -> Refusal:
    return Refusal(
        "no_written_track",
        Words("Văn bản này không cho ý kiến bằng văn bản thay họp.", "This text has no written track."),
        Words("Hội đồng phải họp.", "The Council has to meet."),
        Words("Ghi phiên họp.", "Record a meeting."),
    )


def opinions_wanted(opinions: int, members: int) -> Refusal:
    return Refusal(
        "council_opinions",
        Words(
            f"Lấy ý kiến bằng văn bản: có {opinions} ý kiến của {members} thành viên.",
            f"In writing there are {opinions} opinions of {members} members.",
        ),
        Words(
            "Phải có ít nhất một ý kiến và không quá số thành viên; văn bản không đặt số tối thiểu.",
            "There is at least one, and no more than there are members; the text sets no minimum.",
        ),
        Words("Ghi từng ý kiến bằng --opinion.", "Give each with --opinion."),
    )


def recorded_otherwise(code: str, held_on: date) -> Refusal:
    return Refusal(
        "council_recorded_otherwise",
        Words(
            f"Phiên họp ngày {held_on:%d/%m/%Y} của {code} đã ghi với nội dung khác.",
            f"The session of {code} on {held_on} is recorded otherwise.",
        ),
        Words("Biên bản đã ghi thì không sửa.", "What was recorded is not changed."),
        Words("Xem bằng `tcpl council show`.", "See it with `tcpl council show`."),
    )


def not_met_yet(names: Sequence[str]) -> Refusal:
    listed = ", ".join(names[:10])
    return Refusal(
        "council_not_met",
        Words(f"Hội đồng của {listed} chưa họp, chưa cho ý kiến.", f"The Council of {listed} has not met."),
        Words(
            "Điểm được tính là điểm do Hội đồng thẩm định; phải có phiên họp hoặc ý kiến bằng văn bản trước.",
            "The score that counts is the Council's: its meeting or its written opinions come first.",
        ),
        Words("Ghi phiên họp bằng `tcpl council hold`.", "Record it with `tcpl council hold`."),
        districts=list(names),
    )


def _says(value: LegalValue) -> Words:
    cited = f"{value.citation.article}, {value.citation.text}" if value.citation else value.source
    return Words(f"Theo {cited}.", f"By {cited}.")
