import pytest

from bot.core.sheet.personal_data import personal_data
from tests.core.sheet.examples import new, said, seen


def test_addresses_and_numbers_are_counted_and_never_shown() -> None:
    file = new("users.csv", "name,mail", "N,nia@acme-widgets.de", "M,m.m@acme-widgets.de,+49 170 1234567")
    assert seen(personal_data, file) == [("warning", "users.csv", 2), ("warning", "users.csv", 3)]
    mails, phone = said(personal_data, file)
    assert mails.startswith("2 e-mail addresses that")
    assert phone.startswith("A telephone number that")
    assert "nia" not in mails + phone


@pytest.mark.parametrize(
    "line",
    [
        "nia@example.com, nia@mail.example, root@localhost.localdomain.test",
        "noreply@acme-widgets.de, info@acme-widgets.de, git@codeberg.org",
        "1+nia@users.noreply.github.com",
        "icon@2x.png, lib@1.2.3.js",
        "+1.5 +0.25 1+2+3 +1234567 2024-01-02 10:11:12+01:00",
        "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
        "https://user@host",
    ],
)
def test_look_alikes_are_none(line: str) -> None:
    assert seen(personal_data, new("data.csv", line)) == []


@pytest.mark.parametrize("path", ["src/a.py", "AUTHORS.md", "package-lock.json", "package.json", "notes.txt"])
def test_only_data_is_looked_at(path: str) -> None:
    assert seen(personal_data, new(path, "nia@acme-widgets.de")) == []
