"""Replacing what could identify a person or open a door, and what differs between any two issues.

Used before any feature is made of a text, so that neither training data nor a vocabulary can carry it.
"""

import re

# Order matters: a key may hold an address, an address may hold an @name. Every repetition is bounded.
_PATTERNS = (
    (re.compile(r"-----BEGIN [A-Z ]{0,40}-----.*?(?:-----END [A-Z ]{0,40}-----|\Z)", re.DOTALL), "xsecret"),
    (
        re.compile(r"(?:https?|ftp|ssh|git)://[^\s<>\"'`)\]\uff0c\u3002]{1,2000}|\bwww\.[^\s<>)]{1,500}"),
        "xurl",
    ),
    (re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}"), "xemail"),
    (
        re.compile(
            r"\b(?:gh[opsur]_|github_pat_|glpat-|[sp]k-|hf_|xox[abps]-|AKIA|ASIA|AIza|npm_|pypi-|eyJ)[\w.-]{8,2000}"
            r"|\b(?:password|passwd|secret|token|api[_-]?key)\s{0,3}[=:]\s{0,3}\S{4,200}",
            re.IGNORECASE,
        ),
        "xsecret",
    ),
    (re.compile(r"(?<![\w/])@[A-Za-z\d][A-Za-z\d-]{0,38}"), "xmention"),
    (re.compile(r"\b0x[0-9a-fA-F]{2,64}\b|\b(?=[a-f]{0,40}\d)[0-9a-f]{7,64}\b"), "xhash"),
    (re.compile(r"\b(?=[A-Za-z_]{0,64}\d)[\w+]{24,500}"), "xsecret"),
    (re.compile(r"(?:[A-Za-z]:\\|~?/)(?:[\w.@+-]{1,80}[\\/]){1,20}[\w.@+-]{0,80}"), "xpath"),
    (re.compile(r"(?<![\w&])#\d{1,7}\b"), "xref"),
    (re.compile(r"\bv?\d{1,5}(?:\.\d{1,7}){1,4}[\w.+-]{0,24}"), "xversion"),
)
_NUMBER = re.compile(r"\d{1,40}")
_PLACEHOLDER = re.compile(r"\bx(?:secret|url|email|mention|hash|path|ref|version|project)\b")


def scrub(text: str) -> str:
    """`text` with secrets, addresses, mentions, hashes, paths, references and versions as placeholder words.

    Every other number becomes 0. The text is expected to be cut to a bounded length before.
    """
    for pattern, placeholder in _PATTERNS:
        text = pattern.sub(f" {placeholder} ", text)
    return _NUMBER.sub("0", text)


def own_name(repo: str | None) -> re.Pattern[str]:
    """What matches owner and name of `repo` ("owner/name") as whole words; four letters at least, else
    nothing.
    """
    names = [re.escape(name) for name in (repo or "")[:200].lower().split("/")[:2] if len(name) > 3]
    return re.compile(rf"\b(?:{'|'.join(names)})\b" if names else r"(?!)", re.IGNORECASE)


def holds_placeholder(text: str) -> bool:
    """Whether `text` holds one of the words that `scrub` puts in."""
    return _PLACEHOLDER.search(text) is not None
