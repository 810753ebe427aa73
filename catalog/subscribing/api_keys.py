"""API keys as the store keeps them: never the key, only a keyed hash of it."""

from datetime import datetime

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from catalog.store import BigId, UtcDateTime


class ApiKey(SQLModel, table=True):
    """Whose a key is, and what it may do until when."""

    __tablename__ = "api_keys"

    id: int = Field(sa_type=BigId, primary_key=True)
    owner: str = Field(index=True)
    hint: str
    """How the key begins: enough to tell it from others, not to use it."""
    hash: str = Field(unique=True)
    scopes: list[str] = Field(sa_type=JSON)
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime | None = Field(sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(sa_type=UtcDateTime)
    """When it was last used, to the minute."""
