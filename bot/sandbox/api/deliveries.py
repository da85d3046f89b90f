"""An App's webhook: its configuration and the log of its deliveries."""

from bot.sandbox.api.apps import app_of
from bot.sandbox.call import Call, Needs
from bot.sandbox.deliveries import Delivery, delivery_json, full_delivery_json
from bot.sandbox.paging import link_header, page_size
from bot.sandbox.routing import Routes
from bot.sandbox.things import App, Json
from bot.sandbox.web import Answer, ApiError, not_found

ROUTES = Routes(Needs(who="app"))


@ROUTES("GET", "/app/hook/config")
def hook_config(call: Call) -> Answer:
    return Answer(body=_config(app_of(call)))


@ROUTES("PATCH", "/app/hook/config")
def change_hook_config(call: Call) -> Answer:
    app = app_of(call)
    app.webhook_url = call.text("url", app.webhook_url)
    app.webhook_secret = call.text("secret", app.webhook_secret)
    return Answer(body=_config(app))


def _config(app: App) -> Json:
    config: Json = {"content_type": "json", "insecure_ssl": "0", "url": app.webhook_url or ""}
    # GitHub never shows a secret again, only that there is one.
    return config | ({"secret": "*" * 8} if app.webhook_secret else {})


@ROUTES("GET", "/app/hook/deliveries")
def deliveries(call: Call) -> Answer:
    """Newest first; the next page begins below the id that the cursor names."""
    query, size = call.request.query, page_size(call.request)
    log = call.sandbox.hooks.of(app_of(call))
    cursor = query.get("cursor")
    if cursor is not None:
        if not cursor.removeprefix("v1_").isdecimal():
            raise ApiError(422, "Invalid cursor")
        log = [one for one in log if one.id < int(cursor.removeprefix("v1_"))]
    if query.get("redelivery") in ("true", "false"):
        log = [one for one in log if one.redelivery == (query["redelivery"] == "true")]
    if query.get("status") in ("success", "failure"):
        log = [one for one in log if (one.status == "OK") == (query["status"] == "success")]
    shown, headers = log[:size], {}
    if len(log) > size:
        following = call.request.url_with(call.urls.html, cursor=f"v1_{shown[-1].id}")
        headers = link_header({"next": following})
    return Answer(200, [delivery_json(one) for one in shown], headers)


def _own_delivery(call: Call) -> Delivery:
    found = call.sandbox.hooks.log.get(call.number("id"))
    if found is None or found.app is not app_of(call):
        raise not_found()
    return found


@ROUTES("GET", "/app/hook/deliveries/{id}")
def delivery(call: Call) -> Answer:
    return Answer(body=full_delivery_json(_own_delivery(call)))


@ROUTES("POST", "/app/hook/deliveries/{id}/attempts")
def redeliver(call: Call) -> Answer:
    call.sandbox.hooks.redeliver(_own_delivery(call))
    return Answer(202, {})
