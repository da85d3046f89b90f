"""A guess of the language of a text, good enough to abstain on what the classifier never learnt."""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping

#: The languages the classifier knows. In Chinese it is right less often than it is asked to be on
#: repositories that it never saw, most of all on questions (see the model card): it learnt from few of them.
TRAINED = frozenset({"English", "Chinese"})

# First word of a character's Unicode name -> language; a script of many languages is named as such.
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
_WORDS: Mapping[str, str] = {
    "English": "the and is not this with that for when to of it in on be are can should have i",
    "Spanish": "el los las una que por para cuando está pero como al del puedo hola esto más y",
    "Portuguese": "uma que não para quando está mas como ao isso você são foi também pelo pela",
    "French": "le les une est dans pour avec sur je ne pas quand mais vous bonjour cette et des",
    "German": "der die das und ist nicht ich mit ein eine wenn auf für aber wird auch zu",
    "Italian": "il gli una che per non quando con sono questo della nel ciao anche di",
}
_WORD_SETS = {language: frozenset(words.split()) for language, words in _WORDS.items()}
_LETTER = re.compile(r"[^\W\d_]")
_TOKEN = re.compile(r"[^\W\d_]+")
_MIN_LETTERS = 12  # below, a guess is worth nothing
_MIN_HITS = 4  # function words another language needs before English is given up
_SAMPLE = 1_200  # letters looked at
_HAN_WEIGHT = 3  # letters of an alphabet that say as much as one Han character


def guess_language(text: str) -> str:
    """The language of `text` in English words, e.g. "Chinese"; "English" where nothing speaks against it."""
    letters = _LETTER.findall(text[: 2 * _SAMPLE])[:_SAMPLE]
    scripts = Counter(_script(letter) for letter in letters if not letter.isascii())
    if scripts["Japanese"] * 4 > scripts["Chinese"]:  # Japanese mixes kana with Han characters
        scripts["Japanese"] += scripts.pop("Chinese", 0)
    scripts.pop("", None)
    if scripts:
        language, count = scripts.most_common(1)[0]
        weight = _HAN_WEIGHT if language in {"Chinese", "Japanese"} else 1
        if count * weight >= _MIN_LETTERS and count * weight > len(letters) - count:
            return language
    return _by_function_words(text) if len(letters) >= _MIN_LETTERS else "English"


def _script(letter: str) -> str:
    """The language of a letter's script; "" for Latin and for scripts that are not listed."""
    return _SCRIPTS.get(re.split("[ -]", unicodedata.name(letter, ""), maxsplit=1)[0], "")


def _by_function_words(text: str) -> str:
    tokens = Counter(token.lower() for token in _TOKEN.findall(text[: 2 * _SAMPLE]))
    hits = {language: sum(tokens[word] for word in words) for language, words in _WORD_SETS.items()}
    language = max(hits, key=lambda name: hits[name])
    return language if hits[language] >= max(_MIN_HITS, 2 * hits["English"]) else "English"
