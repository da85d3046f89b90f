"""Comments as people see them: Markdown, with nothing in it that could act or load."""

import re
from collections.abc import Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markupsafe import Markup, escape

# Only as they stand here, without attributes; all other HTML is shown as text.
_PLAIN_TAG = re.compile(r"</?(?:details|summary|sub|sup|kbd|b|i|p|br)>")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)


class _Renderer(RendererHTML):
    def html_block(self, tokens: Sequence[Token], idx: int, *_: Any) -> str:
        return _cleaned(tokens[idx].content)

    def html_inline(self, tokens: Sequence[Token], idx: int, *_: Any) -> str:
        return _cleaned(tokens[idx].content)

    def image(self, tokens: Sequence[Token], idx: int, *_: Any) -> str:
        """A link, since loading an image would tell its server who looks."""
        source = str(tokens[idx].attrs.get("src", ""))
        return Markup('<a href="{}" rel="nofollow">image: {}</a>').format(source, tokens[idx].content)


def _cleaned(html: str) -> str:
    html = _COMMENT.sub("", html)
    kept, at = [], 0
    for tag in _PLAIN_TAG.finditer(html):
        kept += [str(escape(html[at : tag.start()])), tag.group()]
        at = tag.end()
    return "".join([*kept, str(escape(html[at:]))])


_MARKDOWN = MarkdownIt("commonmark", {"html": True, "breaks": True}, renderer_cls=_Renderer)
_MARKDOWN.enable(["table", "strikethrough"])


def rendered(text: str | None) -> Markup:
    return Markup(_MARKDOWN.render(text or ""))  # noqa: S704 - the renderer above has escaped it
