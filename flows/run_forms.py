"""What Prefect's own run form asks for, in words: one table for every act, by the name of the parameter.

The words stand in the flow's schema, so that `tcpl serve`, `tcpl deploy` and `prefect deploy` show the same form.
"""

import inspect
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import Field

ASKED = {
    "about": "Nội dung phản ánh · what it is about",
    "act": "Hành vi · the act",
    "address": "Giá trị nào · which value | ví dụ · for instance criteria/2.1/maximum",
    "agree_rest": "Đồng ý với điểm tự chấm ở chỉ tiêu còn lại · agree with the self-points of all the rest",
    "answers": "Toàn bộ bản tự đánh giá · the whole self-assessment | "
    '{"answers": {"1.1": {"points": "3"}}, "leader_disciplined": false}',
    "at": "Thời điểm ghi, để trống: bây giờ · the moment, empty: now",
    "attended": "Số thành viên dự · how many attended",
    "authority": "Căn cứ thẩm quyền · on which authority",
    "began": "Niêm yết từ ngày · posted from",
    "begun": "Từ ngày · from",
    "by": "Người làm việc này · the person who does it",
    "carried": "Mã đơn vị có hồ sơ chuyển tiếp, để trống: không · whose file goes on (code), empty: none",
    "chair": "Chủ trì · the chair",
    "channel": "Nơi niêm yết · where | office: trụ sở; portal: cổng thông tin; radio: truyền thanh",
    "code": "Mã đơn vị cấp xã · the commune's code",
    "commune": "Mã đơn vị cấp xã · the commune's code",
    "communes": "Mã các đơn vị cấp xã · the communes' codes",
    "document": "Số văn bản · the document's number",
    "dry_run": "Chỉ xem, không ghi · only show what would change",
    "duty_related": "Liên quan thi hành công vụ · in performing public duty",
    "ended": "Đến ngày · to",
    "file": "Tệp trên máy chủ · a file on the server",
    "first": "Từ ngày · from",
    "form": "Mẫu nào, để trống: mọi mẫu · which form, empty: all",
    "ground": "Căn cứ, lý do · the ground",
    "held_on": "Ngày họp · the day of the session",
    "indicators": "Mã các chỉ tiêu · the indicators | ví dụ · for instance 1.1",
    "items": 'Nội dung cần bổ sung · what is to be completed | {"1.1": "thiếu văn bản · the document is missing"}',
    "kind": "Loại · kind | petition: kiến nghị; reflection: phản ánh; complaint: khiếu nại",
    "last": "Đến ngày · to",
    "last_day": "Hạn mới · the new last day",
    "late_papers_ground": "Lý do gửi tài liệu muộn, nếu có · why the papers went out late, if they did",
    "level": "Cấp giải quyết · the level that settles it | district: huyện; province: tỉnh",
    "measure": "Hình thức xử lý · the measure | disciplined: kỷ luật hành chính; prosecuted: truy cứu hình sự",
    "members": "Tổng số thành viên · all members",
    "minutes": "Số biên bản · the minutes' number",
    "not_recognised": "Xã chưa đạt · not recognised | "
    'để trống: theo quy định · empty: by the rule. {"32002": "căn cứ nếu khác kết luận · ground where contrary"}',
    "notes": "Điểm và lý do thẩm định · points and reasons | "
    '{"answers": {"1.1": {"points": "2"}}, "reasons": {"1.1": "…"}, "versions": {}}',
    "number": "Số · the number",
    "numbers": "Số các đề xuất · the proposals' numbers",
    "on": "Ngày · the day",
    "only": "Chỉ các xã này, để trống: tất cả · only these communes, empty: all",
    "opinions": "Ý kiến bằng văn bản của thành viên · members' written opinions",
    "out": "Thư mục ghi tệp, trên máy chủ · the folder to write into, on the server",
    "outcome": "Kết quả giải quyết · the outcome",
    "owner": "Ai làm, để trống: như cũ · who does it, empty: as it was",
    "page": "Trang · the page",
    "papers_sent_on": "Ngày gửi tài liệu · the day the papers were sent",
    "partial_ground": "Lý do chưa quyết định đủ mọi xã, nếu có · why not all communes yet, if so",
    "past_too": "Dời cả hạn đã qua · days that have passed move too",
    "person": "Người · the person",
    "place": "Địa điểm cụ thể · the place",
    "plan": "Tệp kế hoạch trên máy chủ · the plan's file on the server",
    "position": "Chức vụ người ký · the signer's position",
    "proof": "Minh chứng · the proof",
    "province": "Mã tỉnh · the province's code | ví dụ · for instance 96",
    "reason": "Lý do · why",
    "received_on": "Ngày nhận · the day it was received",
    "recognised": "Xã đạt chuẩn · recognised | "
    'để trống: theo quy định · empty: by the rule. {"32002": "căn cứ nếu khác kết luận · ground where contrary"}',
    "role": "Chức vụ · position | party_head: đứng đầu cấp ủy; government_head: đứng đầu chính quyền; other: khác",
    "secretary": "Thư ký · the secretary",
    "sender": "Người gửi · the sender",
    "signed_on": "Ngày ký · the day it was signed",
    "signer": "Người ký · the signer",
    "since": "Ngày đầu của đơn vị mới · the new unit's first day",
    "source": "Mã các đơn vị cũ · the old units' codes",
    "standing": "Lý do để việc khắc phục sang kỳ sau, nếu có · why remedies stand on, if they do",
    "step": "Mã bước · the step's id | ví dụ · for instance submit-dossier",
    "successor": "Mã đơn vị mới · the new unit's code",
    "task": "Việc phải làm, để trống: như cũ · what to do, empty: as it was",
    "times": "Số lần phát thanh · how many broadcasts",
    "to": "Đưa hồ sơ về · where the file goes | self_assessment: xã tự đánh giá lại; complete: thẩm định lại",
    "track": "Hình thức · track | meeting: họp; written: lấy ý kiến bằng văn bản",
    "trial": "Kỳ thử nghiệm · the trial | không chọn: kỳ chính thức nếu có · unset: the official one if there is one",
    "unit": "Mã huyện hoặc tỉnh · the district's or province's code",
    "until": "Đến ngày · until",
    "value": "Giá trị mới, để trống: như đang có · the new value (name=value), empty: as it stands",
    "where": "Công khai ở đâu · where it is published",
    "works": "Ngày làm việc (không chọn: nghỉ) · a working day (unset: a day off)",
    "year": "Năm đánh giá · the evaluation year",
}
"""Parameter -> "label", or "label | what else helps to fill it in"."""


def in_words(act: Callable[..., Any]) -> inspect.Signature:
    """The signature of an act, each parameter with its label; a parameter without one is a fault of ours."""
    given = inspect.signature(act)
    return given.replace(parameters=[_asked(each) for each in given.parameters.values()])


def _asked(parameter: inspect.Parameter) -> inspect.Parameter:
    label, _, more = ASKED[parameter.name].partition(" | ")
    said = {"title": label, **({"description": more} if more else {})}
    return parameter.replace(annotation=Annotated[parameter.annotation, Field(json_schema_extra=said)])  # pyright: ignore[reportArgumentType]
