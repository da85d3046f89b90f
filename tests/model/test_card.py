"""The card says what was measured, and the shipped one is the generated one."""

from pathlib import Path

from model.artifact import CARD, MANIFEST, METRICS, load, read_json
from model.card import render
from model.predict import PRETRAINED


def test_the_card_says_the_measured_numbers(run: Path) -> None:
    metrics, text = read_json(run, METRICS), render(load(run).manifest, read_json(run, METRICS))
    assert f"**{metrics['benchmark']['average_f1']:.3f}**" in text
    assert f"# Model card: {metrics['version']}" in text
    assert "| facebook/react |" in text


def test_the_shipped_card_is_the_generated_one() -> None:
    generated = render(read_json(PRETRAINED, MANIFEST), read_json(PRETRAINED, METRICS))
    assert (PRETRAINED / CARD).read_text(encoding="utf-8") == generated


def test_the_shipped_card_names_every_source_with_its_licence() -> None:
    assert "not known" not in (PRETRAINED / CARD).read_text(encoding="utf-8")


def test_the_shipped_vocabulary_holds_no_addresses_or_keys() -> None:
    features = [
        feature.partition("@")[0] for feature in load(PRETRAINED).vocabulary
    ]  # without repository marks
    assert not [feature for feature in features if "://" in feature or ".com" in feature]
    assert not [feature for feature in features if len(feature) > 80]
    assert not any(character.isdigit() and character != "0" for feature in features for character in feature)
