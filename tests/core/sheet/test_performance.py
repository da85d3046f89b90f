import pytest

from bot.core.pulls import PullRequest
from bot.core.sheet.performance import has_evidence, hot_files
from tests.core.sheet.examples import binary, diff


def test_hot_files() -> None:
    changed = diff(binary("src/kernels/a.cu"), binary("docs/a.md"))
    assert hot_files(changed, ("**/*.cu",)) == ("src/kernels/a.cu",)
    assert hot_files(changed, ()) == ()


@pytest.mark.parametrize(
    "body",
    [
        "## Benchmark\n\n| case | before | after |\n|---|---|---|\n| a | 12 | 9 |",
        "# Performance\nIt takes 12.5 ms instead of 20 ms.",
        "### Speed of decoding\r\n1,200 tokens/s",
        "**Latency**\np99 went down by 30%",
        "## Perf\n<!-- fill in -->\n2x faster",
        "<details><summary>Benchmark</summary>\n" + "## Benchmark\n3 GB/s",
    ],
)
def test_measurements(body: str) -> None:
    assert has_evidence(PullRequest(1, body=body), None)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "It is 20% faster.",
        "## Benchmark\n<!-- 12 ms -->",
        "## Benchmark\nMuch faster now, see issue 12.",
        "## Benchmark\n- [ ] took less than 5 ms",
        "## Benchmark\n\n## Notes\ntook 5 ms",
        "## Benchmark\n| case | before |\n|---|---|",
    ],
)
def test_no_measurements(body: str) -> None:
    assert not has_evidence(PullRequest(1, body=body), None)


def test_a_label_vouches() -> None:
    pull = PullRequest(1, labels=("Perf: OK",))
    assert has_evidence(pull, "perf: ok")
    assert not has_evidence(pull, "other")
