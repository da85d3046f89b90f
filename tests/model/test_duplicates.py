"""The same issue twice, word by word or nearly."""

from model.duplicates import Deduplicator
from model.text import clean

LONG = "When I open the settings dialog and press the save button twice the whole window freezes for a minute"

LETTERS = [a + b for a in "abcdefgh" for b in "stuvwxyz"]


def test_a_new_text_is_no_duplicate() -> None:
    known = Deduplicator()
    assert known.add(clean("Crash", LONG)) == ""
    assert known.add(clean("Feature", "Please add an option to sort the list of files by their date")) == ""


def test_the_same_text_is_a_duplicate() -> None:
    known = Deduplicator()
    known.add(clean("Crash", LONG))
    assert known.add(clean("Crash", LONG.upper())) == "duplicate"


def test_a_word_of_difference_is_a_near_duplicate() -> None:
    known = Deduplicator()
    known.add(clean("Crash", LONG + " and then some more words follow here"))
    assert known.add(clean("Crash", LONG + " and then some more words follow there")) == "near duplicate"


def test_what_is_like_the_test_set_is_said_so() -> None:
    known = Deduplicator()
    known.add(clean("Crash", LONG))
    known.seal()
    assert known.add(clean("Crash", LONG)) == "near duplicate of the test set"


def test_texts_of_two_words_are_compared_as_they_are() -> None:
    known = Deduplicator()
    assert [known.add(clean(title, "")) for title in ("crash", "crashes", "crash")] == ["", "", "duplicate"]


def test_texts_that_are_alike_are_found_by_number() -> None:
    known = Deduplicator()
    assert [known.match(clean(title, LONG)) for title in ("Crash", "Crash now", "")] == [None, 0, 0]
    assert (
        known.match(clean("Feature", "Please add an option to sort the list of files by their date")) is None
    )
    assert known.match(clean("Feature", "Please add an option to sort the list of files by their date")) == 1


def test_looking_for_a_text_does_not_remember_it() -> None:
    known = Deduplicator()
    assert [known.find(clean("Crash", LONG)) for _ in range(2)] == [None, None]
    known.match(clean("Crash", LONG))
    assert known.find(clean("Crash", LONG)) == 0


def test_the_same_text_is_found_among_many_of_one_template() -> None:
    """All share most of their words, and with them the hashes that are looked under."""
    known = Deduplicator()
    texts = [
        clean("", f"{LONG} {' '.join(f'{word}{letter}' for word in 'abcdefghijklmnop')}")
        for letter in LETTERS
    ]
    assert [known.match(text) for text in texts] == [None] * len(texts)
    assert [known.match(text) for text in texts] == list(range(len(texts)))
