"""N-grams by namespace."""

from model.serving.features import NAMESPACES, extract, words
from model.text import clean


def test_words_of_latin_text_and_single_han_characters() -> None:
    assert words("don't crash on start_up, 报错 ok?") == [
        "don't",
        "crash",
        "on",
        "start_up",
        "报",
        "错",
        "ok",
        "?",
    ]


def test_every_feature_is_in_its_namespace() -> None:
    text = clean("[Bug]: app crashes?", "### Steps\nopen it\n```\ncode\n```")
    found = extract(text)
    assert set(found) == set(NAMESPACES)
    assert all(feature[0] == namespace for namespace, counts in found.items() for feature in counts)


def test_features_of_a_small_issue() -> None:
    found = extract(clean("[Bug]: app fails", "it fails\n### To do\n`x`"))
    assert found["t"] == {"tapp": 1, "tfails": 1, "tapp fails": 1}
    assert found["s"] == {"s^app": 1, "s^app fails": 1, "s$fails": 1}
    assert found["T"]["T app"] == found["T"]["Tils "] == 1
    assert found["h"] == {"h=to do": 1, "hto": 1, "hdo": 1, "hto do": 1}
    assert found["g"] == {"gbug": 1}
    assert found["c"] == {"cinline code": 1}


def test_nothing_of_nothing() -> None:
    assert not any(extract(clean("", None)).values())
