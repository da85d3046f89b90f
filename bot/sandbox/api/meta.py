"""Users, and what the API says about itself."""

from bot.sandbox.call import Call, Needs
from bot.sandbox.routing import Routes
from bot.sandbox.shapes.people import full_user_json, own_user_json
from bot.sandbox.web import Answer, not_found

ROUTES = Routes()


@ROUTES("GET", "/")
def root(call: Call) -> Answer:
    api = call.urls.api
    return Answer(
        body={
            "current_user_url": f"{api}/user",
            "rate_limit_url": f"{api}/rate_limit",
            "repository_url": f"{api}/repos/{{owner}}/{{repo}}",
            "user_url": f"{api}/users/{{user}}",
        }
    )


@ROUTES("GET", "/meta")
def meta(_call: Call) -> Answer:
    return Answer(body={"verifiable_password_authentication": False, "hooks": ["127.0.0.0/8"]})


@ROUTES("GET", "/rate_limit")
def rate_limit(call: Call) -> Answer:
    return Answer(body=call.sandbox.limits.overview(call.caller.name))


@ROUTES("GET", "/user", Needs(who="person"))
def own_user(call: Call) -> Answer:
    return Answer(body=own_user_json(call.urls, call.user))


@ROUTES("GET", "/users/{login}")
def user(call: Call) -> Answer:
    found = call.store.user(call.params["login"])
    if found is None:
        raise not_found()
    return Answer(body=full_user_json(call.urls, found))
