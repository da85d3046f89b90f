"""Releases."""

from typing import Any

from bot.sandbox.call import Call, Needs
from bot.sandbox.clock import stamp, stamp_or_none
from bot.sandbox.pushing import resolve
from bot.sandbox.routing import Routes
from bot.sandbox.shapes.people import user_json
from bot.sandbox.things import Json, Release
from bot.sandbox.web import Answer, created, invalid, no_content, not_found

READ = Needs(("contents:read",))
WRITE = Needs(("contents:write",), "write", "someone")
ROUTES = Routes(READ)
REPO = "/repos/{owner}/{repo}"
RELEASE = REPO + "/releases/{id}"


def _release_json(call: Call, release: Release) -> Json:
    api, html = call.urls.repo(call.repo), call.urls.repo_html(call.repo)
    url = f"{api}/releases/{release.id}"
    return {
        "url": url,
        "html_url": f"{html}/releases/tag/{release.tag}",
        "assets_url": f"{url}/assets",
        "upload_url": f"{url}/assets{{?name,label}}",
        "tarball_url": f"{api}/tarball/{release.tag}",
        "zipball_url": f"{api}/zipball/{release.tag}",
        "id": release.id,
        "node_id": f"RE_sandbox{release.id}",
        "tag_name": release.tag,
        "target_commitish": release.target,
        "name": release.name,
        "body": release.body,
        "draft": release.draft,
        "prerelease": release.prerelease,
        "immutable": False,
        "created_at": stamp(release.created_at),
        "published_at": stamp_or_none(release.published_at),
        "updated_at": stamp(release.published_at or release.created_at),
        "author": user_json(call.urls, release.author),
        "assets": [],
    }


def _visible(call: Call) -> list[Release]:
    """Newest first; drafts only for those who could publish them."""
    found = sorted(call.repo.releases.values(), key=lambda one: one.id, reverse=True)
    return [one for one in found if not one.draft or (call.caller.user and call.may("write"))]


def _found(call: Call) -> Release:
    wanted = call.number("id")
    for release in _visible(call):
        if release.id == wanted:
            return release
    raise not_found()


@ROUTES("GET", REPO + "/releases")
def releases(call: Call) -> Answer:
    return call.page(_visible(call), lambda one: _release_json(call, one))


@ROUTES("GET", REPO + "/releases/latest")
def latest_release(call: Call) -> Answer:
    for release in _visible(call):
        if not release.draft and not release.prerelease:
            return Answer(body=_release_json(call, release))
    raise not_found()


@ROUTES("GET", REPO + "/releases/tags/{tag}")
def release_by_tag(call: Call) -> Answer:
    for release in call.repo.releases.values():
        if release.tag == call.params["tag"] and not release.draft:
            return Answer(body=_release_json(call, release))
    raise not_found()


@ROUTES("GET", RELEASE)
def release(call: Call) -> Answer:
    return Answer(body=_release_json(call, _found(call)))


@ROUTES("POST", REPO + "/releases", WRITE)
def create_release(call: Call) -> Answer:
    tag, target = call.required_text("Release", "tag_name"), call.text("target_commitish")
    if any(one.tag == tag and not one.draft for one in call.repo.releases.values()):
        raise invalid("Release", "tag_name", "already_exists")
    resolve(call.repo, target)
    made = Release(
        call.store.next_id(),
        tag,
        target or call.repo.default_branch,
        call.user,
        call.sandbox.clock.now(),
        call.text("name"),
        call.text("body"),
        call.flag("draft"),
        call.flag("prerelease"),
    )
    call.repo.releases[made.id] = made
    _announce(call, made, "created")
    if not made.draft:
        _publish(call, made)
    return created(_release_json(call, made))


@ROUTES("PATCH", RELEASE, WRITE)
def edit_release(call: Call) -> Answer:
    known = _found(call)
    before, was_draft = _release_json(call, known), known.draft
    tag, target = call.text("tag_name") or known.tag, call.text("target_commitish") or known.target
    name, body = call.text("name", known.name), call.text("body", known.body)
    flags = call.flag("draft", default=known.draft), call.flag("prerelease", default=known.prerelease)
    resolve(call.repo, target)
    known.tag, known.target, known.name, known.body = tag, target, name, body
    known.draft, known.prerelease = flags
    changes = {
        name: {"from": before[name]} for name in ("name", "body") if before[name] != getattr(known, name)
    }
    if was_draft and not known.draft:
        _publish(call, known)
    elif changes:
        _announce(call, known, "edited", changes=changes)
    shown = _release_json(call, known)
    return Answer(200, shown, changed=shown != before)


@ROUTES("DELETE", RELEASE, WRITE)
def delete_release(call: Call) -> Answer:
    gone = _found(call)
    del call.repo.releases[gone.id]
    _announce(call, gone, "deleted")
    return no_content()


def _publish(call: Call, release: Release) -> None:
    release.published_at = call.sandbox.clock.now()
    call.repo.tags.setdefault(release.tag, resolve(call.repo, release.target).sha)
    _announce(call, release, "published")
    _announce(call, release, "prereleased" if release.prerelease else "released")


def _announce(call: Call, release: Release, action: str, **extra: Any) -> None:
    payload = {"action": action, "release": _release_json(call, release)}
    call.sandbox.hooks.announce(call.repo, call.user, "release", payload | extra)
