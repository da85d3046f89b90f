"""A directory takes the place of another: whatever happens on the way, one of them is found whole."""

from pathlib import Path

import pytest

from model.serving.exchange import put, whole


class Killed(BaseException):
    """What nobody catches."""


def made(path: Path, content: str) -> Path:
    path.mkdir(parents=True)
    (path / "file").write_text(content)
    return path


def found(directory: Path) -> str:
    return (whole(directory) / "file").read_text()


@pytest.fixture
def served(tmp_path: Path) -> Path:
    return made(tmp_path / "served", "old")


@pytest.mark.parametrize("renames", [0, 1, 2])
def test_one_of_the_two_is_found_wherever_it_ends(
    served: Path, monkeypatch: pytest.MonkeyPatch, renames: int
) -> None:
    rename, done = Path.rename, []

    def killed(self: Path, target: Path) -> Path:
        if len(done) == renames:
            raise Killed
        done.append(target)
        return rename(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", killed)
        patch.setattr("model.serving.exchange.shutil.rmtree", lambda *_, **__: None)
        if renames < 2:
            with pytest.raises(Killed):
                put(made(served.parent / "new", "new"), served)
        else:
            put(made(served.parent / "new", "new"), served)
    assert found(served) == ("new" if renames == 2 else "old")
    put(made(served.parent / "newer", "newer"), served)
    assert found(served) == "newer"
    assert not list(served.parent.glob(".*"))


def test_it_is_found_at_every_moment(served: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rename, seen = Path.rename, []

    def watched(self: Path, target: Path) -> Path:
        moved = rename(self, target)
        seen.append(found(served))
        return moved

    monkeypatch.setattr(Path, "rename", watched)
    put(made(served.parent / "new", "new"), served)
    assert seen == ["old", "new"]


def test_what_lies_beside_is_found_through_a_link_too(served: Path, tmp_path: Path) -> None:
    link = tmp_path / "elsewhere" / "link"
    link.parent.mkdir()
    link.symlink_to(served)
    served.rename(served.with_name(".served-old"))
    assert found(link) == "old"


def test_where_there_was_nothing_it_is_put_all_the_same(tmp_path: Path) -> None:
    put(made(tmp_path / "new", "new"), tmp_path / "served")
    assert [path.name for path in tmp_path.iterdir()] == ["served"]


def test_all_is_on_the_disk_before_it_gets_the_name(served: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    rename = Path.rename

    def renamed(self: Path, target: Path) -> Path:
        order.append("rename")
        return rename(self, target)

    monkeypatch.setattr("model.serving.exchange.os.fsync", lambda _: order.append("sync"))
    monkeypatch.setattr(Path, "rename", renamed)
    put(made(served.parent / "new", "new"), served)
    assert order == ["sync", "sync", "rename", "rename", "sync"]
