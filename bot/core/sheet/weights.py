"""Model weights in a commit: pickles, which run code when they are loaded, and the licence of new weights."""

from collections.abc import Iterator

import re2

from bot.core.diffs import Diff, FileDiff
from bot.core.findings import Finding, Level, shown
from bot.core.phrases import Phrase
from bot.core.sheet.paths import is_test, name_of, suffix_of

#: Loading one of these can run code, by default or by what tools commonly do with them.
_PICKLES = frozenset(("pt", "pth", "ckpt", "pkl", "pickle", "joblib", "dill", "mar"))
_WEIGHTS = frozenset(
    ("safetensors", "onnx", "gguf", "ggml", "tflite", "h5", "hdf5", "keras", "mlmodel", "engine")
)
_BIN = re2.compile(
    r"^(?:(?:pytorch|diffusion_pytorch|adapter|training|flax|tf)_(?:model|args)[\w.-]*|model(?:[.-]\d[\w.-]*)?"
    r"|consolidated[\w.-]*|ggml-[\w.-]+|mm_projector|optimizer|scheduler)\.bin$"
)
_LFS = "version https://git-lfs.github.com/spec/v1"
_LFS_SIZE = re2.compile(r"(?m)^size ([0-9]{1,15})$")
_LICENCE = re2.compile(
    r"(?i)^(?:licen[cs]e|copying|notice|readme|model[_-]?card|card|use[_-]policy)(?:[._-][^/]*)?$"
)

_PICKLE = "{name} holds Python objects{size}: loading it can run any code. Could it be safetensors or ONNX?"
_LARGE = "{name} holds weights{size}. Shall they be in Git, or beside it with a link and a checksum?"
_WHOSE = (
    "New weights in {folder}, and no licence or model card changed near them. Whose are they, on what terms?"
)


def weights(diff: Diff) -> Iterator[Finding]:
    """Files of weights that are new or changed; text of the same ending is something else."""
    for file in _weight_files(diff):
        is_pickle = suffix_of(file.path) in _PICKLES or _BIN.search(name_of(file.path))
        level: Level = "warning" if is_pickle and not is_test(file.path) else "notice"
        values = {"name": shown(name_of(file.path)), "size": _size(file)}
        message = Phrase(_PICKLE if is_pickle else _LARGE, values)
        title = "Pickle" if is_pickle else "Weights"
        yield Finding("weights", "security", level, file.path, 1, title, message)


def weight_licence(diff: Diff) -> Iterator[Finding]:
    """Folders with new weights where nothing that could name their licence changed nearby."""
    told = {_folder(file.path) for file in diff.files if _LICENCE.search(name_of(file.path))}
    asked: set[str] = set()
    for file in _weight_files(diff):
        folder = _folder(file.path)
        if file.file.status != "added" or is_test(file.path) or folder in asked:
            continue
        asked.add(folder)
        if not {folder, _folder(folder)} & told:
            message = Phrase(_WHOSE, {"folder": shown(folder or "the root")})
            yield Finding("weight_licence", "security", "notice", file.path, 1, "Licence of weights", message)


def _weight_files(diff: Diff) -> Iterator[FileDiff]:
    for file in diff.files:
        is_one = suffix_of(file.path) in _PICKLES | _WEIGHTS or _BIN.search(name_of(file.path))
        is_text = bool(file.lines) and not is_pointer(file)  # a template, a list of paths, ...
        if is_one and not is_text and file.file.status not in {"removed", "renamed"}:
            yield file


def is_pointer(file: FileDiff) -> bool:
    """Whether Git LFS keeps the file, and the patch is that of its pointer."""
    return any(line.text == _LFS for line in file.lines[:3])


def _size(file: FileDiff) -> str:
    """What a pointer of Git LFS says of the size, such as ``" (1.2 GB, in Git LFS)"``."""
    found = next((int(match.group(1)) for _line, match in file.find(_LFS_SIZE)), None)
    if found is None:
        return ""
    amount, unit = (found / 1e9, "GB") if found >= 1e9 else (found / 1e6, "MB")
    return f" ({amount:.1f} {unit}, in Git LFS)"


def _folder(path: str) -> str:
    return path.rpartition("/")[0]
