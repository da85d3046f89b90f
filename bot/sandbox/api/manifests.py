"""The last step of the App manifest flow."""

from bot.sandbox.call import Call
from bot.sandbox.manifest import redeem
from bot.sandbox.routing import Routes
from bot.sandbox.web import Answer, created

ROUTES = Routes()


@ROUTES("POST", "/app-manifests/{code}/conversions")
def convert(call: Call) -> Answer:
    return created(redeem(call.sandbox, call.params["code"]))
