from collections.abc import Iterator

import pytest

from bot.sandbox import Sandbox, SandboxServer
from bot.sandbox.auth import new_key
from bot.sandbox.state import DEFAULT_EVENTS, DEFAULT_PERMISSIONS
from tests.sandbox.world import SECRET, Client, Receiver, World


@pytest.fixture(scope="session")
def private_key() -> str:
    return new_key()  # slow to make, so all tests share one


@pytest.fixture(scope="session")
def server() -> Iterator[SandboxServer]:
    with SandboxServer(Sandbox()) as server:
        yield server


@pytest.fixture
def world(private_key: str, server: SandboxServer) -> Iterator[World]:
    sandbox, receiver = Sandbox(), Receiver()
    sandbox.add_organization("octo", members=["zoe"])
    sandbox.add_user("lee")
    sandbox.add_repo(
        "octo/engine",
        files={"README.md": "# Engine\n", "src/app.py": "one\ntwo\nthree\n"},
        collaborators={"maya": "admin", "wes": "write", "tri": "triage"},
    )
    sandbox.add_repo("octo/vault", private=True, collaborators={"maya": "admin"})
    app = sandbox.add_app(
        "usher",
        private_key=private_key,
        permissions={**DEFAULT_PERMISSIONS, "contents": "read", "statuses": "write"},
        events=[*DEFAULT_EVENTS, "pull_request_review_comment"],
        webhook_url=receiver.url,
        webhook_secret=SECRET,
    )
    server.show(sandbox)
    world = World(sandbox, server, app, sandbox.install(app, "octo"), receiver)
    world.settle().received.clear()
    yield world
    world.close()


@pytest.fixture
def maya(world: World) -> Client:
    return world.person("maya")


@pytest.fixture
def lee(world: World) -> Client:
    return world.person("lee")


@pytest.fixture
def bot(world: World) -> Client:
    return world.bot()


@pytest.fixture
def merger(world: World) -> Client:
    """An App's token that may do all that merging takes."""
    world.app.permissions["contents"] = world.installation.permissions["contents"] = "write"
    return world.bot()
