"""Settings: TCPL_* environment variables, each with its meaning (Vietnamese · English); `tcpl settings` lists them."""

import json
import os
import secrets
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from models.errors import HomeRefusal
from models.words import Language, Words

CHECKOUT = Path(__file__).resolve().parent.parent


def _both(vi: str, en: str) -> str:
    return f"{vi} · {en}"


class Settings(BaseSettings):
    """Read from the environment; `current` is how to come by them. Raises HomeRefusal where one cannot be read."""

    model_config = SettingsConfigDict(env_prefix="TCPL_", env_ignore_empty=True, extra="ignore", frozen=True)

    def __init__(self, **given: Any) -> None:
        try:
            super().__init__(**given)
        except ValidationError as error:
            raise _unreadable({str(one["loc"][0]) for one in error.errors()}) from None

    home: Path = Field(
        default=CHECKOUT / ".tcpl",
        description=_both(
            "thư mục cơ sở dữ liệu, hộp thư đi và minh chứng", "folder of the database, the outbox and the evidence"
        ),
    )
    database_url: SecretStr | None = Field(
        default=None,
        description=_both(
            "địa chỉ SQLAlchemy của cơ sở dữ liệu; mặc định: SQLite trong TCPL_HOME",
            "SQLAlchemy address of the database; default: SQLite in the home",
        ),
    )
    plans: Path | None = Field(
        default=None,
        description=_both(
            "thư mục kế hoạch của các tỉnh; mặc định: plans/ trong TCPL_HOME",
            "folder of provincial plans; default: plans/ in the home",
        ),
    )
    lang: Language = Field(
        default="vi",
        description=_both("ngôn ngữ của những gì người dùng đọc: vi hoặc en", "language of what people read: vi or en"),
    )
    timezone: str = Field(
        default="Asia/Ho_Chi_Minh", description=_both("múi giờ của các cơ quan", "time zone of the offices")
    )
    regulations: Path = Field(
        default=CHECKOUT / "regulations",
        description=_both("thư mục văn bản quy định dạng dữ liệu", "folder of the law as data"),
    )
    channel: SecretStr | None = Field(
        default=None,
        description=_both(
            "địa chỉ Apprise nhận thông báo; mặc định: tệp văn bản trong outbox/ của TCPL_HOME",
            "Apprise address to which notices go; default: text files in the home's outbox/",
        ),
    )
    operator: SecretStr | None = Field(
        default=None,
        description=_both(
            "địa chỉ Apprise nhận cảnh báo cho người vận hành; mặc định: như TCPL_CHANNEL",
            "Apprise address for alarms to the operator; default: the same as the channel",
        ),
    )
    dashboard_port: int = Field(
        default=8000,
        ge=1,
        le=65535,
        description=_both("cổng của bảng điều hành trên 127.0.0.1", "port of the dashboard on 127.0.0.1"),
    )
    prefect_port: int = Field(
        default=4200,
        ge=1,
        le=65535,
        description=_both("cổng trang riêng của Prefect trên 127.0.0.1", "port of Prefect's own page on 127.0.0.1"),
    )
    prefect_keep_days: int = Field(
        default=30,
        ge=1,
        description=_both(
            "số ngày giữ các lần chạy, nhật ký và ảnh chụp trong Prefect; sự kiện giữ nhiều nhất 7 ngày",
            "days for which Prefect keeps runs, logs and artifacts; events are kept for seven at most",
        ),
    )
    access_log_days: int = Field(
        default=365,
        ge=1,
        description=_both(
            "số ngày giữ nhật ký ra vào bảng điều hành", "days for which the dashboard's access log is kept"
        ),
    )
    log_format: Literal["lines", "json"] = Field(
        default="lines",
        description=_both(
            "dạng nhật ký của các tiến trình: lines (dòng chữ) hoặc json",
            "form of the processes' logs: lines or json",
        ),
    )
    channels: dict[str, SecretStr] = Field(
        default_factory=dict,
        description=_both(
            "địa chỉ Apprise theo tên kênh của đầu mối, dạng JSON; {to} là địa chỉ của đầu mối, secret:TÊN là khối "
            "Secret của Prefect",
            "Apprise addresses by the names that contacts use, as JSON; {to} stands for the contact's address, "
            "secret:NAME for a Prefect Secret block",
        ),
    )
    rates: Annotated[dict[str, Annotated[int, Field(ge=1)]], NoDecode] = Field(
        default_factory=dict,
        description=_both(
            "số thư tối đa mỗi phút của từng kênh, dạng JSON",
            "letters per minute that a channel takes at most, as JSON",
        ),
    )
    sms_length: int = Field(
        default=300, ge=70, description=_both("số ký tự tối đa của tin nhắn", "signs that a text message may have")
    )
    public_url: str | None = Field(
        default=None,
        description=_both(
            "địa chỉ bảng điều hành trong các đường dẫn; mặc định: http://127.0.0.1 và cổng",
            "address of the dashboard in links; default: http://127.0.0.1 and its port",
        ),
    )
    secret: SecretStr | None = Field(
        default=None,
        description=_both(
            "khóa ký các đường dẫn trong thông báo; mặc định: signing.key trong TCPL_HOME, tạo một lần",
            "key that signs links in notices; default: signing.key in the home, made once",
        ),
    )

    dashboard_host: str = Field(
        default="127.0.0.1",
        description=_both(
            "địa chỉ mở bàn điều hành; ngoài máy này thì cần tài khoản và https trong TCPL_PUBLIC_URL",
            "address on which the dashboard listens; off this machine it needs accounts, and https in TCPL_PUBLIC_URL",
        ),
    )
    dashboard_processes: int | None = Field(
        default=None,
        ge=1,
        le=32,
        description=_both(
            "số tiến trình trả lời của bàn điều hành; mặc định: 1 trên máy này, theo số bộ xử lý (nhiều nhất 4) khi mở "
            "cho các cơ quan",
            "processes in which the dashboard answers; default: 1 on this machine, one a processor (4 at most) where "
            "offices sign in",
        ),
    )
    tls_certificate: Path | None = Field(
        default=None,
        description=_both(
            "chứng thư TLS của bàn điều hành (PEM); không có thì máy chủ phía trước lo https",
            "the dashboard's TLS certificate (PEM); without one a server in front of it does https",
        ),
    )
    tls_key: Path | None = Field(
        default=None, description=_both("khóa của chứng thư TLS", "the key of the TLS certificate")
    )
    openid_issuer: str | None = Field(
        default=None,
        description=_both(
            "địa chỉ hệ thống đăng nhập OpenID Connect của cơ quan, nếu có",
            "issuer of the office's OpenID Connect sign-in, where there is one",
        ),
    )
    openid_client: str = Field(
        default="tcpl", description=_both("tên của phần mềm này ở hệ thống đó", "the name of this client there")
    )
    openid_secret: SecretStr | None = Field(
        default=None, description=_both("mật khẩu của phần mềm này ở hệ thống đó", "the secret of this client there")
    )

    @field_validator("rates", mode="before")
    @classmethod
    def _from_json(cls, given: Any) -> Any:
        """Here and not before any validation, where what cannot be read is no fault of a field."""
        return json.loads(given) if isinstance(given, str) else given

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (LookupError, OSError) as error:  # a folder of zones is an OSError
            raise ValueError("no such zone") from error
        return name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def public_address(self) -> str:
        """Where a recipient opens the dashboard, without a slash at the end."""
        return (self.public_url or f"http://127.0.0.1:{self.dashboard_port}").rstrip("/")

    @property
    def dashboard_address(self) -> str:
        """Where the dashboard itself listens, as one would type it on this machine."""
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self.dashboard_host, self.dashboard_host)
        host = f"[{host}]" if ":" in host and not host.startswith("[") else host
        return f"{'https' if self.tls_certificate else 'http'}://{host}:{self.dashboard_port}"

    def signing_key(self) -> bytes:
        """The key of the links in notices; one is made in the home when there is none."""
        if self.secret is not None:
            return self.secret.get_secret_value().encode()
        file = self.home / "signing.key"
        with suppress(FileExistsError):
            self.home.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii") as unwritten:
                unwritten.write(secrets.token_urlsafe(32))
        return file.read_bytes()

    @property
    def plans_folder(self) -> Path:
        return self.plans or self.home / "plans"

    @property
    def database(self) -> str:
        """The database's address. It may hold a password: never print it."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return _file_address(self.home)


def _unreadable(names: set[str]) -> HomeRefusal:
    """By name and meaning; what was written is not said again, for it may be a secret."""
    variables = ", ".join(f"TCPL_{name.upper()}" for name in sorted(names))
    meant = [(Settings.model_fields[name].description or "").partition(" · ") for name in sorted(names)]
    return HomeRefusal(
        "bad_setting",
        Words(f"Không đọc được thiết lập {variables}.", f"The setting {variables} cannot be read."),
        Words(
            f"Giá trị không phải thứ phải ghi ở đó: {'; '.join(vi for vi, _, _ in meant)}.",
            f"Its value is not what belongs there: {'; '.join(en for _, _, en in meant)}.",
        ),
        Words("Sửa hoặc bỏ biến ấy rồi chạy lại.", "Mend the variable or unset it, and run it again."),
    )


@lru_cache(maxsize=16)
def _file_address(home: Path) -> str:
    return f"sqlite:///{home / 'tcpl.db'}"


def current() -> Settings:
    """The settings as the environment has them now: read anew when a TCPL_* variable has changed."""
    ours = [name for name in os.environ if name.upper().startswith("TCPL_")]
    return _read(tuple((name, os.environ.get(name, "")) for name in sorted(ours)))


@lru_cache(maxsize=4)
def _read(_variables: tuple[tuple[str, str], ...]) -> Settings:
    return Settings()
