"""Drafts: what a reader hands over, in time and with a language."""

from model.datasets.drafts import Draft, in_time, language_code


def draft(day: int) -> Draft:
    return Draft("pr_type", "train", "fix", f"Day {day}", "", "octo/app", "", "", "en", f"2024-01-{day:02}")


def test_a_repository_is_split_by_time() -> None:
    drafts = in_time([draft(4), draft(1), draft(3), draft(2)], 0.5, 0.25)
    assert [(one.title, one.split) for one in drafts] == [
        ("Day 4", "test"),
        ("Day 1", "train"),
        ("Day 3", "validation"),
        ("Day 2", "train"),
    ]


def test_a_language_has_a_code() -> None:
    assert language_code("The window of the editor is not closed when I press the button") == "en"
    assert language_code("按下按钮以后编辑器的窗口没有关闭,请问应该怎么解决这个问题") == "zh"
    assert language_code("Окно редактора не закрывается при нажатии на кнопку") == "other"
