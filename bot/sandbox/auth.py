"""Who is asking: an App by its JWT, an installation or a person by a token, or nobody."""

import base64
import binascii
import secrets
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.sandbox.store import Store
from bot.sandbox.things import App, Installation, InstallationToken
from bot.sandbox.users import User
from bot.sandbox.web import ApiError, forbidden

PERSON_PREFIX = "ghp_"  # the sandbox's convention: ghp_maya is a token of maya
TOKEN_LIFE = timedelta(hours=1)
LONGEST_JWT = 600  # seconds from now that `exp` may lie ahead
CLOCK_SKEW = 60  # what GitHub forgives a JWT's clock


@dataclass(frozen=True, slots=True)
class Caller:
    user: User | None = None  # a person, or the bot of an App
    app: App | None = None  # with a JWT, or behind an installation token
    token: InstallationToken | None = None
    login_app: App | None = None  # an OAuth App's own client id and secret

    @property
    def name(self) -> str:
        """What rate limits are kept by."""
        if self.token is not None:
            return f"installation:{self.token.installation.id}"
        if self.app is not None:
            return f"app:{self.app.slug}"
        return self.user.login if self.user is not None else "anonymous"


def new_key() -> str:
    """A private key in PEM, of the kind that GitHub hands out for an App."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    ).decode()


def load_key(private_key: str) -> Any:
    # Checking a key takes a hundred times as long as reading it, and nothing here is worth attacking.
    return serialization.load_pem_private_key(
        private_key.encode(), password=None, unsafe_skip_rsa_key_validation=True
    )


def app_jwt(app: App, *, issued: float | None = None, life: int = 540) -> str:
    """A JWT as a well-behaved App makes it; for tests and examples."""
    now = int(time.time() if issued is None else issued)
    claims = {"iat": now - 60, "exp": now + life, "iss": str(app.id)}
    return jwt.encode(claims, load_key(app.private_key), algorithm="RS256")


def new_installation_token(
    store: Store,
    installation: Installation,
    permissions: dict[str, str],
    repositories: frozenset[int] | None,
) -> InstallationToken:
    value = "ghs_" + secrets.token_hex(18)
    expires = store.clock.now() + TOKEN_LIFE
    token = InstallationToken(value, installation, expires, permissions, repositories)
    store.tokens[value] = token
    return token


def identify(store: Store, authorization: str | None) -> Caller:
    if not authorization:
        return Caller()
    scheme, _, value = authorization.partition(" ")
    value = value.strip()
    match scheme.lower():
        case "basic":
            return _client(store, value)
        case "bearer" | "token" if value.count(".") == 2:
            return Caller(app=_app_of_jwt(store, value))
        case "bearer" | "token":
            return _token_holder(store, value)
    raise ApiError(401, "Bad credentials")


def _client(store: Store, value: str) -> Caller:
    try:
        client_id, _, secret = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise ApiError(401, "Bad credentials") from None
    for app in store.apps.values():
        if app.client_id == client_id and secrets.compare_digest(app.client_secret.encode(), secret.encode()):
            return Caller(login_app=app)
    raise ApiError(401, "Bad credentials")


def _token_holder(store: Store, value: str) -> Caller:
    token = store.tokens.get(value)
    if token is not None and token.expires_at > store.clock.now():
        if token.installation.suspended_at is not None:
            raise forbidden("This installation has been suspended")
        app = token.installation.app
        return Caller(user=app.bot, app=app, token=token)
    person = store.person_tokens.get(value)
    if person is None and value.startswith(PERSON_PREFIX):
        person = store.user(value.removeprefix(PERSON_PREFIX))
    if person is None:
        raise ApiError(401, "Bad credentials")
    return Caller(user=person)


def _app_of_jwt(store: Store, value: str) -> App:
    try:
        issuer = str(jwt.decode(value, options={"verify_signature": False}).get("iss"))
    except jwt.PyJWTError:
        raise ApiError(401, "A JSON web token could not be decoded") from None
    app = next((one for one in store.apps.values() if issuer in (str(one.id), one.client_id)), None)
    if app is None:
        raise ApiError(404, "Integration not found")
    try:
        # The times are checked below, by the real clock, with the messages that GitHub gives.
        unchecked = {"verify_exp": False, "verify_iat": False, "verify_aud": False}
        claims = jwt.decode(value, app.public_key, algorithms=["RS256"], options=unchecked)  # type: ignore[arg-type]
    except jwt.PyJWTError:
        raise ApiError(401, "A JSON web token could not be decoded") from None
    _check_times(claims)
    return app


def _check_times(claims: dict[str, Any]) -> None:
    now = time.time()
    issued, expires = claims.get("iat"), claims.get("exp")
    if not isinstance(issued, int) or issued > now + CLOCK_SKEW:
        raise ApiError(
            401,
            "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was "
            "issued",
        )
    if not isinstance(expires, int | float) or expires <= now:
        raise ApiError(
            401,
            "'Expiration time' claim ('exp') must be a numeric value representing the future time at which "
            "the assertion expires",
        )
    if expires > now + LONGEST_JWT + CLOCK_SKEW:
        raise ApiError(401, "'Expiration time' claim ('exp') is too far in the future")
