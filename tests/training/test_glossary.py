import pytest

torch = pytest.importorskip("torch", reason="torch is only in the training environment")

from tokenizers import Tokenizer
from tokenizers.models import WordLevel

from model.errors import ModelError
from model.text import clean
from model.training.glossary import Taught, load_glossary, teach
from tests.model.word_pieces import SPECIAL, word_pieces

GLOSSARY = {"如何": "how", "配置": "configure", "服务": "service", "服务器": "server", "器": "tool"}
KNOWN = ["how", "server", "何"]
FIRST = len(SPECIAL) + len(KNOWN)  # the number of the first new token


def taught(*bodies: str, least: int = 1) -> Taught:
    return teach(word_pieces(KNOWN), [clean("", body) for body in bodies], least, GLOSSARY)


def pieces(found: Taught, text: str) -> list[str]:
    return found.tokenizer.encode(text, add_special_tokens=False).tokens


def words(found: Taught) -> dict[str, str]:
    """Each new token with its meaning."""
    return {found.tokenizer.id_to_token(number): meaning for number, meaning in found.meanings.items()}


# Which words


def test_words_and_characters_become_tokens_with_their_meaning() -> None:
    found = taught("如何配置")
    expected = {"如何": "how", "配置": "configure", "如": "", "配": "", "置": ""}
    assert words(found) == expected  # 何 was known
    assert set(found.meanings) == set(range(FIRST, FIRST + len(expected)))


def test_texts_are_cut_into_the_longest_words() -> None:
    assert set(words(taught("服务器"))) == {"服务器", "服", "务", "器"}
    assert {"服务", "配置"} <= set(words(taught("服务配置")))


def test_rare_ones_are_left_out() -> None:
    found = taught("如何如何 如何", "配置", least=3)
    assert list(words(found)) == ["如", "如何"]
    assert pieces(found, "配置") == ["[UNK]", "[UNK]"]


def test_the_most_frequent_come_first() -> None:
    assert list(words(taught("如何 配置 配置"))) == ["置", "配", "配置", "如", "如何"]


def test_titles_and_headings_count_as_well() -> None:
    texts = [clean("如何", "### 如何\n如何")]
    assert "如何" in words(teach(word_pieces(KNOWN), texts, 3, GLOSSARY))
    assert "如何" not in words(teach(word_pieces(KNOWN), texts, 4, GLOSSARY))


def test_zero_adds_none() -> None:
    plain = word_pieces(KNOWN)
    assert teach(plain, [clean("", "如何")], 0, GLOSSARY) == Taught(plain, {})


def test_the_tokenizer_that_was_given_stays_as_it_was() -> None:
    plain = word_pieces(KNOWN)
    before = plain.to_str()
    teach(plain, [clean("", "如何")], 1, GLOSSARY)
    assert plain.to_str() == before


def test_only_a_word_piece_tokenizer_can_learn() -> None:
    other = Tokenizer(WordLevel({"[UNK]": 0}, unk_token="[UNK]"))
    with pytest.raises(ModelError, match=r"WordPiece tokenizer; set encoder\.words to 0"):
        teach(other, [clean("", "如何")], 1, GLOSSARY)


# How texts are read then


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("如何配置服务器", ["如何", "配置", "服务器"]),
        ("请如何", ["[UNK]", "如何"]),
        ("how 如何server", ["how", "如何", "server"]),
        ("何如", ["何", "如"]),
    ],
)
def test_a_text_is_read_by_the_words_it_holds(text: str, expected: list[str]) -> None:
    assert pieces(taught("如何 配置 服务器"), text) == expected


def test_text_without_them_is_read_as_before() -> None:
    text = "how server crash 何"
    assert taught("如何").tokenizer.encode(text).ids == word_pieces(KNOWN).encode(text).ids


def test_a_tokenizer_with_words_can_be_written_and_read() -> None:
    found = taught("如何 配置")
    again = Tokenizer.from_str(found.tokenizer.to_str())
    assert again.encode("如何 配置").ids == found.tokenizer.encode("如何 配置").ids
    assert again.get_vocab_size() == FIRST + len(found.meanings)


# The dictionary


@pytest.fixture(scope="module")
def dictionary() -> dict[str, str]:
    return dict(load_glossary())


@pytest.mark.parametrize(
    ("word", "meaning"),
    [
        ("如何", "how"),
        ("服务器", "server"),
        ("報錯", "report an error"),  # "to report an error", in traditional characters
        ("报错", "report an error"),
        ("都", "all"),  # and before it, "surname Du"
        ("个", "individual"),  # one of the words whose first entry is a variant of another
        ("后", "back"),  # seven senses, after an entry of four for "empress"
        ("吗", 'question particle for "yes-no" questions'),  # a remark is all that is said of it
        ("吧", "...right?"),  # a particle, before "bar"
        ("哪儿", "where?"),
    ],
)
def test_a_word_has_its_most_usual_sense(dictionary: dict[str, str], word: str, meaning: str) -> None:
    assert dictionary[word] == meaning


def test_it_holds_words_of_han_characters_and_plain_meanings(dictionary: dict[str, str]) -> None:
    assert len(dictionary) > 100_000
    assert "2019冠状病毒病" not in dictionary
    assert all(sense.strip() for sense in dictionary.values())
    assert not [sense for sense in dictionary.values() if sense.startswith(("to ", "CL:"))]
    assert "喫" not in dictionary  # nothing but a variant of another
    assert not [sense for sense in dictionary.values() if sense.startswith(("variant of", "old variant of"))]
