"""What all pages share. `Markup.format` escapes everything that is put into it."""

from markupsafe import Markup
from starlette.responses import HTMLResponse

# No scripts, no remote images: what people write in a demo stays text.
HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
    "referrer-policy": "no-referrer",
}
STYLE = Markup(
    """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 54rem; margin: 2rem auto; padding: 0 1rem; }
header { border-bottom: 1px solid #8888; margin-bottom: 1.5rem; padding-bottom: .5rem; }
article { border: 1px solid #8888; border-radius: .4rem; margin: 1rem 0; }
article > header { margin: 0; padding: .4rem .8rem; background: #8882; }
article > div { padding: 0 .8rem; overflow-wrap: anywhere; }
pre { overflow-x: auto; white-space: pre-wrap; }
table { border-collapse: collapse; } td, th { border: 1px solid #8886; padding: .2rem .6rem; }
.label { border: 2px solid; border-radius: 1rem; padding: 0 .6rem; font-size: .85rem; }
.event { color: GrayText; margin-left: 1rem; }
button { font: inherit; padding: .4rem 1rem; } textarea { width: 100%; font: 14px monospace; }
"""
)
PAGE = Markup(
    """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title} · Sandbox GitHub</title><style>{style}</style>
</head>
<body>
<header>{trail}</header>
<main>
<h1>{title}</h1>
{body}
</main>
</body>
</html>
"""
)
HOME = Markup('<a href="/">Sandbox GitHub</a>')


def page(title: str, body: Markup, *, trail: Markup = HOME, status: int = 200) -> HTMLResponse:
    return HTMLResponse(PAGE.format(title=title, style=STYLE, trail=trail, body=body), status, HEADERS)


def problem(message: str, status: int = 422) -> HTMLResponse:
    return page("This did not work", Markup("<p>{}</p>").format(message), status=status)


def hidden(**fields: str) -> Markup:
    one = Markup('<input type="hidden" name="{}" value="{}">')
    return Markup("\n").join(one.format(name, value) for name, value in fields.items())
