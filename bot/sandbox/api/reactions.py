"""Reactions to issues, pull requests and comments."""

from bot.sandbox.api.comments import COMMENT, ISSUE, READ, WRITE, found_comment
from bot.sandbox.call import Call
from bot.sandbox.routing import Routes
from bot.sandbox.shapes.threads import REACTIONS, reaction_json
from bot.sandbox.things import Reaction
from bot.sandbox.threads import require_author_or
from bot.sandbox.web import Answer, created, invalid, no_content, not_found

ROUTES = Routes(READ)


def _list_reactions(call: Call, reactions: list[Reaction]) -> Answer:
    wanted = call.request.query.get("content")
    shown = [one for one in reactions if wanted in (None, one.content)]
    return call.page(shown, lambda one: reaction_json(call.urls, one))


def _react(call: Call, reactions: list[Reaction]) -> Answer:
    """One reaction of each kind for each person; 200 where it was there already."""
    content = call.text("content")
    if content not in REACTIONS:
        raise invalid("Reaction", "content")
    for old in reactions:
        if old.user is call.user and old.content == content:
            return Answer(200, reaction_json(call.urls, old), changed=False)
    made = Reaction(call.store.next_id(), call.user, content, call.sandbox.clock.now())
    reactions.append(made)
    return created(reaction_json(call.urls, made))


def _unreact(call: Call, reactions: list[Reaction]) -> Answer:
    wanted = call.number("reaction")
    for old in reactions:
        if old.id == wanted:
            require_author_or(call, old.user, "write")
            reactions.remove(old)
            return no_content()
    raise not_found()


@ROUTES("GET", ISSUE + "/reactions")
def issue_reactions(call: Call) -> Answer:
    return _list_reactions(call, call.issue.reactions)


@ROUTES("POST", ISSUE + "/reactions", WRITE)
def react_to_issue(call: Call) -> Answer:
    return _react(call, call.issue.reactions)


@ROUTES("DELETE", ISSUE + "/reactions/{reaction}", WRITE)
def unreact_to_issue(call: Call) -> Answer:
    return _unreact(call, call.issue.reactions)


@ROUTES("GET", COMMENT + "/reactions")
def comment_reactions(call: Call) -> Answer:
    return _list_reactions(call, found_comment(call)[1].reactions)


@ROUTES("POST", COMMENT + "/reactions", WRITE)
def react_to_comment(call: Call) -> Answer:
    return _react(call, found_comment(call)[1].reactions)


@ROUTES("DELETE", COMMENT + "/reactions/{reaction}", WRITE)
def unreact_to_comment(call: Call) -> Answer:
    return _unreact(call, found_comment(call)[1].reactions)
