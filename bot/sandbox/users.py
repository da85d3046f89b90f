"""Accounts of a GitHub: people, organisations and bots."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Self


class Shared:
    """Kept as it is when a repository is copied for a stale read."""

    __slots__ = ()

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self


@dataclass(eq=False, slots=True)
class User(Shared):
    id: int
    login: str
    created_at: datetime
    type: Literal["User", "Organization", "Bot"] = "User"
    name: str | None = None
    email: str | None = None
    members: dict[str, "User"] = field(default_factory=dict)  # of an organisation, by lower-case login

    @property
    def html_path(self) -> str:
        return f"/apps/{self.login.removesuffix('[bot]')}" if self.type == "Bot" else f"/{self.login}"
