import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.release.settings import Increment, Scheme
from bot.core.release.versions import Version, parse


@pytest.mark.parametrize(
    ("tag", "version"),
    [
        ("1.2.3", "1.2.3"),
        ("v1.2.3", "1.2.3"),
        ("release-1.2.3", "1.2.3"),
        ("widgets@1.2.3", "1.2.3"),
        ("1.2", "1.2.0"),
        ("ver 1", "1.0.0"),
        ("1.2.x", "1.2.0"),
        (">=1.2.3 <2.0.0", "1.2.3"),
        ("1.2.3-beta.2+build.7", "1.2.3-beta.2"),
        ("v10.0.3-alpha", "10.0.3-alpha"),
        ("v1.2.3-rc.01", "1.2.3"),
        ("2024.01.05", "2024.1.5"),
        ("", None),
        ("*", None),
        ("nightly", None),
        ("9" * 5_000, None),
    ],
)
def test_a_version_is_read_from_a_tag(tag: str, version: str | None) -> None:
    found = parse(tag)
    assert (found and str(found)) == version


@pytest.mark.parametrize(
    ("tag", "version"),
    [
        ("v1.2.3", "1.2.3"),
        ("1.2rc1", "1.2.0rc1"),
        ("1.2.0-beta.2", "1.2.0b2"),
        ("1.2.0.dev3", "1.2.0.dev3"),
        ("1.0.post1", "1.0.0.post1"),
        ("1!2.0", "1!2.0.0"),
        ("2024.1", "2024.1.0"),
        ("widgets-1.2b2", "1.2.0b2"),
        ("nightly", None),
        ("9" * 5_000, None),
    ],
)
def test_a_version_of_pep_440_is_read_from_a_tag(tag: str, version: str | None) -> None:
    found = parse(tag, "pep440")
    assert (found and str(found)) == version


def test_a_prefix_is_no_part_of_the_version() -> None:
    assert str(parse("python3-1.2.3", prefix="python3-")) == "1.2.3"
    assert str(parse("python3-1.2.3")) == "3.0.0"


@pytest.mark.parametrize(
    ("version", "major", "minor", "patch"),
    [
        ("1.2.3", "2.0.0", "1.3.0", "1.2.4"),
        ("10.0.3-alpha", "11.0.0", "10.1.0", "10.0.3"),
        ("1.2.0-rc.1", "2.0.0", "1.2.0", "1.2.0"),
        ("2.0.0-rc.1", "2.0.0", "2.0.0", "2.0.0"),
        ("0.3.1", "1.0.0", "0.4.0", "0.3.2"),
    ],
)
def test_the_next_release(version: str, major: str, minor: str, patch: str) -> None:
    found = parse(version)
    assert found
    assert [str(found.raised(each)) for each in ("major", "minor", "patch")] == [major, minor, patch]


@pytest.mark.parametrize(
    ("scheme", "version", "increment", "identifier", "after"),
    [
        ("semver", "1.2.3", "patch", "rc", "1.2.4-rc.1"),
        ("semver", "1.2.3", "minor", "rc", "1.3.0-rc.1"),
        ("semver", "1.2.3", "major", "beta", "2.0.0-beta.1"),
        ("semver", "1.2.0-rc.1", "patch", "rc", "1.2.0-rc.2"),
        ("semver", "1.2.0-rc.1", "minor", "rc", "1.2.0-rc.2"),
        ("semver", "1.2.0-rc.1", "major", "rc", "2.0.0-rc.1"),
        ("semver", "1.2.3-beta.6", "patch", "beta", "1.2.3-beta.7"),
        ("semver", "1.2.3-beta.6", "patch", "rc", "1.2.3-rc.1"),
        ("semver", "1.2.3-rc.6", "patch", "beta", "1.2.4-beta.1"),
        ("semver", "1.2.0-rc9", "minor", "rc", "1.2.0-rc10"),
        ("semver", "1.2.0-beta", "minor", "beta", "1.2.0-beta.1"),
        ("pep440", "1.2.3", "minor", "rc", "1.3.0rc1"),
        ("pep440", "1.2.0rc1", "minor", "rc", "1.2.0rc2"),
        ("pep440", "1.2.0rc1", "patch", "preview", "1.2.0rc2"),
        ("pep440", "1.2.0a1", "minor", "beta", "1.2.0b1"),
        ("pep440", "1.2.0.dev1", "minor", "dev", "1.2.0.dev2"),
        ("pep440", "1.2.0.dev1", "minor", "a", "1.2.0a1"),
        ("pep440", "1.2.0rc1", "minor", "dev", "1.2.1.dev1"),
    ],
)
def test_the_next_pre_release(
    scheme: Scheme, version: str, increment: Increment, identifier: str, after: str
) -> None:
    found = parse(version, scheme)
    assert found
    assert str(found.next_prerelease(increment, identifier)) == after


parts = st.integers(0, 30)


def version(scheme: Scheme, core: tuple[int, int, int], pre: tuple[str, int] | None) -> Version:
    final = Version(core[0], core[1], core[2], scheme=scheme)
    return final.counted(*pre) if pre else final


versions = st.builds(
    version,
    st.sampled_from(["semver", "pep440"]),
    st.tuples(parts, parts, parts),
    st.none() | st.tuples(st.sampled_from(["a", "b", "rc", "dev"]), st.integers(1, 12)),
)
increments: st.SearchStrategy[Increment] = st.sampled_from(["major", "minor", "patch"])


@given(versions, increments, st.sampled_from(["a", "b", "rc", "dev"]))
def test_versions_only_go_up_and_read_back(version: Version, increment: Increment, identifier: str) -> None:
    for later in (version.raised(increment), version.next_prerelease(increment, identifier)):
        assert later > version
        assert parse(f"v{later}", version.scheme) == later


@given(versions, increments)
def test_a_bigger_increment_is_no_smaller_version(version: Version, increment: Increment) -> None:
    assert version.raised("patch") <= version.raised("minor") <= version.raised("major")
    assert not version.raised(increment).word
    assert len({version, parse(str(version), version.scheme)}) == 1
