import pytest

from bot.core.sheet.notebooks import notebooks
from tests.core.sheet.examples import changed, new, said, seen


@pytest.mark.parametrize(
    ("lines", "level", "what"),
    [
        (('   "outputs": [', "    {"), "warning", "outputs"),
        (('     "output_type": "stream",',), "warning", "outputs"),
        (('      "image/png": "iVBORw0KGgo=",',), "warning", "images"),
        (('   "execution_count": 12,',), "notice", "execution counts"),
    ],
)
def test_what_cells_printed(lines: tuple[str, ...], level: str, what: str) -> None:
    assert seen(notebooks, new("a.ipynb", "{", *lines)) == [(level, "a.ipynb", 2)]
    assert said(notebooks, new("a.ipynb", *lines))[0].startswith(f"Saved with {what}.")


def test_a_notebook_is_one_finding() -> None:
    lines = ('"execution_count": 1,', '"outputs": [', '"image/png": "x"', '"outputs": [')
    assert said(notebooks, new("a.ipynb", *lines))[0].startswith(
        "Saved with outputs and images and execution counts."
    )


@pytest.mark.parametrize(
    "line",
    [
        '   "outputs": []',
        '   "outputs": [],',
        '   "execution_count": null,',
        '    "print(\\"outputs\\": [",',
        '"source": [',
    ],
)
def test_clean_notebooks(line: str) -> None:
    assert seen(notebooks, new("a.ipynb", line)) == []


def test_outputs_that_go_away_are_fine() -> None:
    assert seen(notebooks, changed("a.ipynb", '-   "outputs": [', '+   "outputs": []')) == []
    assert seen(notebooks, new("a.json", '"outputs": [')) == []
