"""Where the data comes from: what each collection is, and its licence as its publisher states it."""

from collections.abc import Mapping
from typing import NamedTuple


class Source(NamedTuple):
    """A collection of texts."""

    what: str
    licence: str


#: Collection within a data set, or the data set -> what it is.
SOURCES: Mapping[str, Source] = {
    "nlbse24_train": Source("NLBSE'24 tool competition, training half", "none stated"),
    "nlbse24_test": Source("NLBSE'24 tool competition, test half", "none stated"),
    "repo_label_dumps": Source("labelled issues of large web projects", "none stated"),
    "ticket_tagger": Source("Ticket Tagger training data", "GPL-3.0"),
    "sklearn_issues": Source("issues of scikit-learn", "none stated"),
    "niruthiha_labelled": Source("labelled issues of large-model projects", "none stated"),
    "niruthiha_mining": Source("mined issues of large-model projects", "none stated"),
    "niruthiha_ai_repos": Source("issues of AI repositories", "none stated"),
    "vllm_exp": Source("issues of vLLM", "none stated"),
    "hf_datasets": Source("issues of Hugging Face datasets", "none stated"),
    "matomo": Source("issues of Matomo", "none stated"),
    "nasa": Source("bug reports of NASA projects", "none stated"),
    "rust_archive": Source("issues of rust-lang/rust", "none stated"),
    "gharchive2015": Source("GH Archive, 2015", "none stated"),
    "whatsapi": Source("issues of one messaging library", "none stated"),
    "weex": Source("issues of Weex", "none stated"),
    "sublimeclang": Source("issues of one editor plug-in", "none stated"),
    "conventional_commits": Source("commits by Conventional Commits, from git history", "MIT"),
    "tbdf": Source("comments of locked threads, Ehsani et al., MSR 2024", "MIT"),
    "toxicr": Source("code review comments, ToxiCR", "GPL-3.0"),
    "strudel": Source("comments of ordinary threads, Raman et al., ICSE-NIER 2020", "MIT"),
}

#: Name of a pretrained encoder -> its licence.
ENCODERS: Mapping[str, str] = {"all-MiniLM-L6-v2": "Apache-2.0", "all-mpnet-base-v2": "Apache-2.0"}


def source_of(collection: str) -> Source:
    """What is known of "data set/collection"."""
    dataset, _, name = collection.partition("/")
    return SOURCES.get(name) or SOURCES.get(dataset) or Source(collection, "not known")
