"""From a training run to a classifier: the network compressed, both members put together, thresholds found.

Everything is found on texts that were not learnt from, with the files that will be served, so that what was
calibrated is what is used. Without a network in the run, the linear member becomes a classifier by itself.
"""

import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from model import layout
from model.datasets.samples import Sample, Samples, label_numbers
from model.errors import DataError, ModelError
from model.fitting.adaptation import Adapted, adapt
from model.fitting.regression import Recipe
from model.fitting.stacking import stack
from model.labels import LABELS
from model.serving.artifact import Artifact, load, network_files, save
from model.serving.ensemble import LINEAR, NETWORK, Array, Head
from model.serving.linear_member import LinearMember
from model.serving.onnx_network import OnnxNetwork
from model.serving.tokens import Limits
from model.tasks import TASKS

ISSUE_TYPE, ADAPTATION = "issue_type", "adaptation"
Say = Callable[[str], None]


def export(run: Path, samples: Samples, *, name: str, say: Say) -> str:
    """Make a classifier of the members in `run`, write it into `run/artifact` and return its version.

    `samples` are those that the members were trained on. With a network it takes minutes on one CPU core,
    most of them to measure what each step of compression costs (`run/compression.json`).

    Raises ModelError where a member is missing or broken, DataError without issues to validate on.
    """
    member = load(run / layout.LINEAR)
    if not samples.of("issue_type", "validation"):
        raise DataError("there are no issues to validate on, so weights and thresholds cannot be found")
    with tempfile.TemporaryDirectory(prefix=".compressed-", dir=run) as scratch:
        limits = _compress(run, Path(scratch), samples, say)
        files = network_files(Path(scratch)) if limits else None
        network = OnnxNetwork(files, limits) if files and limits else None
        members = Members(member, network, _held_out_logits(run, samples))
        heads, validation = _heads(members, samples, say)
        familiar = samples.of(ISSUE_TYPE, ADAPTATION)
        adapted = _adapted(members, heads[ISSUE_TYPE], familiar, say) if familiar else None
        manifest = {
            **member.manifest,
            "name": name,
            "heads": {task: head.to_json() for task, head in heads.items()},
            **(_familiar(adapted, len(member.vocabulary)) if adapted else {}),
            "validation": validation,
            "data": {"held_out": _held_out(samples)},
            **({"limits": asdict(limits)} if limits else {}),
        }
        grown = adapted.member if adapted else member
        version = save(run / layout.ARTIFACT, replace(grown, manifest=manifest, network=files))
    say(f"{version} is in {run / layout.ARTIFACT}")
    return version


def _compress(run: Path, target: Path, samples: Samples, say: Say) -> Limits | None:
    """Put the compressed network of `run` into `target`; what it reads of a text, None without one."""
    if not (run / layout.NETWORK).is_dir():
        say("no network in the run: the linear member serves alone")
        return None
    from model.fitting.compression import compress  # noqa: PLC0415 -- torch, which only a network needs
    from model.training.network_files import load_network  # noqa: PLC0415

    network, tokens = load_network(run / layout.NETWORK)
    report = compress(network, tokens, samples, target, say)
    (run / layout.COMPRESSION).write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    return tokens.limits


@dataclass(frozen=True, slots=True)
class Members:
    """What is put together: the linear member, and the network as it will be served, where there is one."""

    linear: Artifact
    network: OnnxNetwork | None
    held_out: Mapping[str, Array]  # member -> what it says of issues to adapt to, not having learnt from them

    def logits(self, task: str, rows: Sequence[Sample]) -> dict[str, Array]:
        """What each member says of the texts of a task, (texts, classes); members that know it alone."""
        texts = [row.text for row in rows]
        found: dict[str, Array] = {}
        if task == ISSUE_TYPE:
            linear = LinearMember(self.linear.vocabulary, self.linear.idf, self.linear.weights)
            found[LINEAR] = linear.logits(linear.vectors(texts, [row.repo for row in rows]))
        if self.network and task in self.network.outputs:
            found[NETWORK] = self.network.read(texts, task).astype(np.float64)
        learnt = [number for number, row in enumerate(rows) if row.split == ADAPTATION]
        for member in found.keys() & self.held_out.keys() if learnt else ():
            found[member][learnt] = self.held_out[member]
        return found


def _held_out_logits(run: Path, samples: Samples) -> dict[str, Array]:
    """By member; the network is left out where it learnt from none of the issues to adapt to.

    Raises ModelError where they are missing or of other issues.
    """
    count = len(samples.of(ISSUE_TYPE, ADAPTATION))
    adapted = run / layout.NETWORK / layout.NETWORK_HELD_OUT
    paths = {LINEAR: run / layout.HELD_OUT, **({NETWORK: adapted} if adapted.exists() else {})}
    found: dict[str, Array] = {}
    for member, path in paths.items() if count else ():
        try:
            found[member] = np.load(path, allow_pickle=False)
        except (OSError, ValueError) as error:
            raise ModelError(f"{path} cannot be read ({error}); train again") from error
        if found[member].shape != (count, len(LABELS)):
            raise ModelError(f"{path} is of {len(found[member]):,} issues, not of {count:,}; train again")
    return found


def _heads(members: Members, samples: Samples, say: Say) -> tuple[dict[str, Head], dict[str, Any]]:
    """The head of each task that can be decided, and what led to it as it is written down."""
    heads, found = {}, {}
    for task, classes in TASKS.items():
        rows: Sequence[Sample] = samples.of(task, "validation")
        if task == ISSUE_TYPE:
            # Titles and templates make validation easy; the benchmark's repositories make up for that.
            rows = [*_shown(rows), *samples.of(task, ADAPTATION)]
        logits = members.logits(task, rows) if rows else {}
        if not logits:
            continue
        repos = [row.repo for row in rows]
        correction = members.linear.manifest["recipe"]["prior_correction"] if task == ISSUE_TYPE else 0.0
        stacked = stack(classes, logits, label_numbers(rows), repos, prior_correction=correction)
        heads[task], found[task] = stacked.head, stacked.report
        scores = ", ".join(
            f"{part} {score['macro_f1']:.3f}" for part, score in stacked.report["members"].items()
        )
        say(f"{task}: macro F1 on validation: {scores}; served: {stacked.report['chosen']}")
    return heads, found


def _adapted(members: Members, head: Head, rows: Sequence[Sample], say: Say) -> Adapted:
    pooled = head.pooled(members.logits(ISSUE_TYPE, rows))
    found = adapt(members.linear, head, pooled, rows, Recipe(**members.linear.manifest["recipe"]))
    before, after = (found.report["average_f1"][when] for when in ("before", "after"))
    say(f"{len(found.repositories)} repositories made familiar: average F1 {before:.3f}, then {after:.3f}")
    return found


def _familiar(adapted: Adapted, common: int) -> dict[str, Any]:
    """What the manifest says of familiar repositories."""
    head = adapted.head.to_json()
    return {
        "common": common,
        "familiar": {
            "repositories": list(adapted.repositories),
            "temperature": head["temperature"],
            "thresholds": head["thresholds"],
            "report": adapted.report,
        },
    }


def _shown(rows: Sequence[Sample]) -> list[Sample]:
    """The rows, and those with title tags a second time without: most titles elsewhere have none."""
    bare = [replace(row, text=replace(row.text, tags=())) for row in rows if row.text.tags]
    return [*rows, *bare]


def _held_out(samples: Samples) -> list[str]:
    """The repositories whose issues nothing was learnt from."""
    kept = {row.repo for split in ("unseen", "validation") for row in samples.of("issue_type", split)}
    return sorted(kept)
