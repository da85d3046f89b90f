"""A local GitHub: a real, stateful server for demos, replay and tests.

    from bot.sandbox import Sandbox, SandboxServer

    sandbox = Sandbox()                                     # or from_seed(Path("seed.json"))
    sandbox.add_repo("octo/engine", files={".github/usher.yml": "mode: act"}, collaborators={"maya": "admin"})
    app = sandbox.add_app("usher", webhook_url="http://127.0.0.1:8000/webhooks/github", webhook_secret="s")
    with SandboxServer(sandbox) as server:                  # also serves the API at server.api_url (/api/v3)
        installation = sandbox.install(app, "octo")         # app.id and app.private_key are the App's own
        maya = sandbox.as_user("maya")                      # over HTTP: the token `ghp_maya`
        number = maya.open_issue("octo/engine", "It crashes", "Traceback ...")["number"]
        maya.comment("octo/engine", number, "/label bug")   # also edit, close, open_pull, push, review, merge
        sandbox.faults.add("bad_gateway", match="POST .*/comments", times=1, after=True)
        sandbox.wait_idle()                                 # every webhook has been answered
        assert len(sandbox.writes_by("usher[bot]", "POST .*/labels")) == 1
        assert not sandbox.violations                       # nothing was sent before a retry-after had passed

`sandbox.clock.advance(3600)` lets an hour pass, `sandbox.deliver("issues", {...}, guid=...)` sends any
delivery, `sandbox.set_role("octo/engine", "maya", "none")` takes a permission away, and with
`sandbox.limits.enforced = True` GitHub's own rate limits count. The same over HTTP is under `/_sandbox/`;
docs/sandbox.md has it all.
"""

from bot.sandbox.faults import Faults
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.seed import from_seed
from bot.sandbox.server import SandboxServer, run
from bot.sandbox.web import ApiError

__all__ = ["ApiError", "Faults", "Sandbox", "SandboxServer", "from_seed", "run"]
