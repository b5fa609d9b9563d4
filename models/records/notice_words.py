"""What people call each kind of notice."""

from models.records.notices import Kind
from models.words import Words

KIND_WORDS = {
    Kind.STAGE_OPENED: Words("mở giai đoạn", "stage opened"),
    Kind.DOSSIER_RECEIVED: Words("đã nhận hồ sơ", "dossier received"),
    Kind.SUPPLEMENT_REQUESTED: Words("đề nghị bổ sung", "supplement requested"),
    Kind.RESULT: Words("kết quả", "result"),
    Kind.REMEDY_OPENED: Words("yêu cầu khắc phục", "remedy opened"),
    Kind.COMMENDATION: Words("khen thưởng", "commendation"),
    Kind.REMINDER: Words("nhắc trước hạn", "reminder"),
    Kind.DUE_TODAY: Words("hôm nay là hạn", "due today"),
    Kind.OVERDUE: Words("quá hạn", "overdue"),
    Kind.ESCALATION: Words("báo cấp trên", "told the level above"),
    Kind.OPENING_REFUSED: Words("chưa mở được kỳ", "a cycle could not open"),
}
