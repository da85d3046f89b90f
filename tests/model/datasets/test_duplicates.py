"""The same issue twice, word by word or nearly."""

from model.datasets.duplicates import Deduplicator
from model.text import CleanText, clean

LONG = "When I open the settings dialog and press the save button twice the whole window freezes for a minute"
OTHER = clean("Feature", "Please add an option to sort the list of files by their date")

LETTERS = [a + b for a in "abcdefgh" for b in "stuvwxyz"]


def matches(*texts: CleanText) -> list[int | None]:
    """What is said of each text, one after another."""
    known = Deduplicator()
    return [known.match(text) for text in texts]


def test_a_new_text_is_like_none() -> None:
    assert matches(clean("Crash", LONG), OTHER) == [None, None]


def test_the_same_text_is_found_by_its_number() -> None:
    assert matches(OTHER, clean("Crash", LONG), clean("Crash", LONG.upper())) == [None, None, 1]


def test_a_word_of_difference_does_not_matter() -> None:
    words = f"{LONG} and then some more words follow"
    assert matches(clean("Crash", f"{words} here"), clean("Crash", f"{words} there")) == [None, 0]


def test_texts_of_two_words_are_compared_as_they_are() -> None:
    assert matches(*(clean(title, "") for title in ("crash", "crashes", "crash"))) == [None, None, 0]


def test_only_new_texts_are_numbered() -> None:
    alike = [clean(title, LONG) for title in ("Crash", "Crash now", "")]
    assert matches(*alike, OTHER, OTHER) == [None, 0, 0, None, 1]


def test_looking_for_a_text_does_not_remember_it() -> None:
    known = Deduplicator()
    assert [known.find(clean("Crash", LONG)) for _ in range(2)] == [None, None]
    known.match(clean("Crash", LONG))
    assert known.find(clean("Crash", LONG)) == 0


def test_the_same_text_is_found_among_many_of_one_template() -> None:
    """All share most of their words, and with them the hashes that are looked under."""
    texts = [
        clean("", f"{LONG} {' '.join(f'{word}{letter}' for word in 'abcdefghijklmnop')}")
        for letter in LETTERS
    ]
    assert matches(*texts, *texts) == [*[None] * len(texts), *range(len(texts))]
