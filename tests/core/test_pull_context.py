from bot.core.pull_context import CodeOwnersFile, ReviewLoad, Skip, Skips


def test_what_was_waived_is_found_by_the_items_key() -> None:
    skips = Skips((Skip("tests", "a typo", "maya"), Skip("docs", "internal", "wes")))
    found = skips.of("docs")
    assert found is not None
    assert found.by == "wes"
    assert skips.of("title") is None


def test_a_repository_may_have_no_such_file_and_nobody_to_ask() -> None:
    assert CodeOwnersFile().text is None
    assert ReviewLoad().may_review == frozenset()
