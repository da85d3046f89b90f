import pytest

from bot.core.pulls import ChangedFile
from bot.core.sheet.weights import is_pointer, weight_licence, weights
from tests.core.sheet.examples import binary, diff, new, said, seen

POINTER = ("version https://git-lfs.github.com/spec/v1", f"oid sha256:{'0a' * 32}", "size 1340000000")


@pytest.mark.parametrize(
    "path",
    ["m/model.pt", "a.pth", "last.ckpt", "vectors.PKL", "clf.joblib", "pytorch_model-00001-of-00002.bin"],
)
def test_pickles_run_code(path: str) -> None:
    assert seen(weights, binary(path)) == [("warning", path, 1)]
    assert "any code" in said(weights, binary(path))[0]


@pytest.mark.parametrize("path", ["model.safetensors", "a.onnx", "a.gguf", "a.h5", "tests/data/tiny.pt"])
def test_other_weights_are_noted(path: str) -> None:
    assert seen(weights, binary(path)) == [("notice", path, 1)]


@pytest.mark.parametrize(
    "file",
    [
        new("templates/page.pt", "<html>"),
        new("site.pth", "import site"),
        binary("firmware.bin"),
        binary("model.bin.md"),
        binary("pt"),
        binary("model.pt", status="removed"),
        binary("b/model.pt", status="renamed", previous="a/model.pt"),
    ],
)
def test_look_alikes_are_none(file: ChangedFile) -> None:
    assert seen(weights, file) == []


def test_git_lfs_tells_the_size() -> None:
    file = new("model.pt", *POINTER)
    assert is_pointer(diff(file).files[0])
    assert "model.pt holds Python objects (1.3 GB, in Git LFS)" in said(weights, file)[0]


def test_new_weights_need_a_licence_nearby() -> None:
    files = (binary("models/a/x.onnx"), binary("models/a/y.onnx"))
    assert seen(weight_licence, *files) == [("notice", "models/a/x.onnx", 1)]
    for near in ("models/a/LICENSE", "models/a/README.md", "models/MODEL_CARD.md", "models/a/licence.txt"):
        assert seen(weight_licence, *files, new(near, "MIT")) == []
    assert seen(weight_licence, *files, new("docs/README.md", "x")) != []
    assert seen(weight_licence, binary("tests/x.onnx"), binary("m/x.onnx", status="modified")) == []
