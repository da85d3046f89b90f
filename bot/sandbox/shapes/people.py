"""Users, Apps and installations."""

from bot.sandbox.clock import stamp, stamp_or_none
from bot.sandbox.shapes.urls import Urls
from bot.sandbox.things import App, Installation, Json
from bot.sandbox.users import User


def user_json(urls: Urls, user: User) -> Json:
    known = urls.people.get(user.id)
    if known is None:
        known = urls.people[user.id] = _user(urls, user)
    return known


def user_or_none(urls: Urls, user: User | None) -> Json | None:
    return None if user is None else user_json(urls, user)


def _user(urls: Urls, user: User) -> Json:
    url = f"{urls.api}/users/{user.login.replace('[', '%5B').replace(']', '%5D')}"
    return {
        "login": user.login,
        "id": user.id,
        "node_id": f"U_sandbox{user.id}",
        "avatar_url": f"{urls.html}/avatars/{user.id}",
        "gravatar_id": "",
        "url": url,
        "html_url": f"{urls.html}{user.html_path}",
        "followers_url": f"{url}/followers",
        "following_url": f"{url}/following{{/other_user}}",
        "gists_url": f"{url}/gists{{/gist_id}}",
        "starred_url": f"{url}/starred{{/owner}}{{/repo}}",
        "subscriptions_url": f"{url}/subscriptions",
        "organizations_url": f"{url}/orgs",
        "repos_url": f"{url}/repos",
        "events_url": f"{url}/events{{/privacy}}",
        "received_events_url": f"{url}/received_events",
        "type": user.type,
        "user_view_type": "public",
        "site_admin": False,
    }


def full_user_json(urls: Urls, user: User) -> Json:
    return user_json(urls, user) | {
        "name": user.name,
        "company": None,
        "blog": "",
        "location": None,
        "email": user.email,
        "hireable": None,
        "bio": None,
        "twitter_username": None,
        "public_repos": 0,
        "public_gists": 0,
        "followers": 0,
        "following": 0,
        "created_at": stamp(user.created_at),
        "updated_at": stamp(user.created_at),
    }


def own_user_json(urls: Urls, user: User) -> Json:
    """The profile as its owner sees it."""
    return full_user_json(urls, user) | {
        "private_gists": 0,
        "total_private_repos": 0,
        "owned_private_repos": 0,
        "disk_usage": 0,
        "collaborators": 0,
        "two_factor_authentication": True,
    }


def app_json(urls: Urls, app: App) -> Json:
    return {
        "id": app.id,
        "slug": app.slug,
        "client_id": app.client_id,
        "node_id": f"A_sandbox{app.id}",
        "owner": user_json(urls, app.owner),
        "name": app.name,
        "description": app.description,
        "external_url": app.external_url or f"{urls.html}/apps/{app.slug}",
        "html_url": f"{urls.html}/apps/{app.slug}",
        "created_at": stamp(app.created_at),
        "updated_at": stamp(app.created_at),
        "permissions": app.permissions,
        "events": app.events,
    }


def app_or_none(urls: Urls, app: App | None) -> Json | None:
    return None if app is None else app_json(urls, app)


def ping_json(urls: Urls, app: App) -> Json:
    return {
        "zen": "Keep it logically awesome.",
        "hook_id": app.hook_id,
        "hook": {
            "type": "App",
            "id": app.hook_id,
            "name": "web",
            "active": app.hook_active,
            "events": app.events,
            "config": {"content_type": "json", "insecure_ssl": "0", "url": app.webhook_url or ""},
            "updated_at": stamp(app.created_at),
            "created_at": stamp(app.created_at),
            "app_id": app.id,
            "deliveries_url": f"{urls.api}/app/hook/deliveries",
        },
        "sender": user_json(urls, app.owner),
    }


def installation_json(urls: Urls, installation: Installation) -> Json:
    api = f"{urls.api}/app/installations/{installation.id}"
    return {
        "id": installation.id,
        "account": user_json(urls, installation.account),
        "repository_selection": "all" if installation.repositories is None else "selected",
        "access_tokens_url": f"{api}/access_tokens",
        "repositories_url": f"{urls.api}/installation/repositories",
        "html_url": f"{urls.html}/settings/installations/{installation.id}",
        "app_id": installation.app.id,
        "app_slug": installation.app.slug,
        "client_id": installation.app.client_id,
        "target_id": installation.account.id,
        "target_type": installation.account.type,
        "permissions": installation.permissions,
        "events": installation.events,
        "created_at": stamp(installation.created_at),
        "updated_at": stamp(installation.updated_at),
        "single_file_name": None,
        "has_multiple_single_files": False,
        "single_file_paths": [],
        "suspended_by": user_or_none(urls, installation.suspended_by),
        "suspended_at": stamp_or_none(installation.suspended_at),
    }
