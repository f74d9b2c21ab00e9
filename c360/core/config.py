"""Settings, read once from the environment; `docs/guide.md` lists them all."""

import os
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path


def _env(name: str, default: str) -> str:
    return field(default_factory=lambda: os.environ.get(name, default), metadata={"env": name, "default": default})


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything an operator can set."""

    data_dir: str = _env("C360_DATA_DIR", ".c360")
    database_url: str = _env("C360_DATABASE_URL", "")
    host: str = _env("C360_HOST", "127.0.0.1")
    port: str = _env("C360_PORT", "3000")
    public_origin: str = _env("C360_PUBLIC_ORIGIN", "")
    redis_url: str = _env("C360_REDIS_URL", "")
    server_processes: str = _env("C360_SERVER_PROCESSES", "1")
    trusted_proxies: str = _env("C360_TRUSTED_PROXIES", "0")
    journal_key: str = _env("C360_JOURNAL_KEY", "")
    currency: str = _env("C360_CURRENCY", "EUR")
    country: str = _env("C360_COUNTRY", "DE")
    log_level: str = _env("C360_LOG_LEVEL", "INFO")
    max_upload_mb: str = _env("C360_MAX_UPLOAD_MB", "100")
    files_url: str = _env("C360_FILES_URL", "")
    keep_removed_days: str = _env("C360_KEEP_REMOVED_DAYS", "30")
    smtp_url: str = _env("C360_SMTP_URL", "")
    duplicates_cluster: str = _env("C360_DUPLICATES_CLUSTER", "")
    duplicate_enquiries: str = _env("C360_DUPLICATE_ENQUIRIES", "10")
    mail_from: str = _env("C360_MAIL_FROM", "customer360@localhost")

    @property
    def data_path(self) -> Path:
        """The directory that holds everything the app writes; made when missing."""
        path = Path(self.data_dir).resolve()
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        return path

    @property
    def url(self) -> str:
        """The database's address: what is set, else a SQLite file in the data directory."""
        return self.database_url or f"sqlite:///{self.data_path / 'c360.db'}"

    @property
    def origin(self) -> str:
        """The address people type."""
        return self.public_origin or f"http://localhost:{self.port}"


def variables() -> dict[str, str]:
    """Return every environment variable with its default, for the guide and its test."""
    return {f.metadata["env"]: f.metadata["default"] for f in fields(Settings)}


@cache
def settings() -> Settings:
    """Return the settings of this process."""
    return Settings()
