"""A guess of the language of a text, good enough to abstain on what the classifier never learnt."""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping

#: What the classifier was trained on; measured on the rows of each language.
TRAINED = frozenset({"English", "Chinese"})

_SCRIPTS: Mapping[str, str] = {
    "CJK": "Chinese",
    "HIRAGANA": "Japanese",
    "KATAKANA": "Japanese",
    "HANGUL": "Korean",
    "CYRILLIC": "a language in Cyrillic script",
    "ARABIC": "a language in Arabic script",
    "HEBREW": "Hebrew",
    "GREEK": "Greek",
    "THAI": "Thai",
    "DEVANAGARI": "a language in Devanagari script",
}
# Short words that are frequent in one of these languages and rare in the others and in code.
_WORDS: Mapping[str, frozenset[str]] = {
    "English": frozenset(
        "the and is not this with that for when to of it in on be are can should have i".split()
    ),
    "Spanish": frozenset(
        "el los las una que por para cuando está pero como al del puedo hola esto más y".split()
    ),
    "Portuguese": frozenset("os uma que não para quando está mas como ao isso você em são foi e um".split()),
    "French": frozenset(
        "le les une est dans pour avec sur je ne pas quand mais vous bonjour cette et des".split()
    ),
    "German": frozenset("der die das und ist nicht ich mit ein eine wenn auf für aber wird auch zu".split()),
    "Italian": frozenset("il gli una che per non quando con sono questo della nel ciao anche di".split()),
}
_LETTER = re.compile(r"[^\W\d_]")
_TOKEN = re.compile(r"[^\W\d_]+")
_MIN_LETTERS = 12  # below, a guess is worth nothing
_MIN_HITS = 4  # function words another language needs before English is given up
_SAMPLE = 1_200  # letters looked at


def guess_language(text: str) -> str:
    """The language of `text` in English words, e.g. "Chinese"; "English" where nothing speaks against it."""
    letters = _LETTER.findall(text)[:_SAMPLE]
    if len(letters) < _MIN_LETTERS:
        return "English"
    scripts = Counter(_script(letter) for letter in letters if not letter.isascii())
    japanese = scripts["Japanese"]
    if japanese and japanese * 4 > scripts["Chinese"]:  # Japanese mixes kana with Han characters
        scripts["Japanese"] += scripts.pop("Chinese", 0)
    scripts.pop("", None)
    if scripts:
        language, count = scripts.most_common(1)[0]
        # One Han character says as much as three to four letters of an alphabet.
        weight = 3 if language in {"Chinese", "Japanese"} else 1
        if count * weight > len(letters) - count:
            return language
    return _by_function_words(text)


def _script(letter: str) -> str:
    return _SCRIPTS.get(unicodedata.name(letter, "").split(" ", 1)[0].split("-", 1)[0], "")


def _by_function_words(text: str) -> str:
    tokens = Counter(token.lower() for token in _TOKEN.findall(text[: 4 * _SAMPLE]))
    hits = {language: sum(tokens[word] for word in words) for language, words in _WORDS.items()}
    language = max(hits, key=lambda name: hits[name])
    return language if hits[language] >= max(_MIN_HITS, 2 * hits["English"]) else "English"
