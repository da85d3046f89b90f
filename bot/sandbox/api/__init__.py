"""The REST API: one file for each kind of thing, each with its routes above their handlers."""

from bot.sandbox.api import (
    apps,
    branches,
    checks,
    comments,
    contents,
    deliveries,
    graphql,
    issues,
    labels,
    manifests,
    merging,
    meta,
    milestones,
    pulls,
    reactions,
    refs,
    releases,
    repos,
    reviews,
    signed_in,
    statuses,
)
from bot.sandbox.routing import Router

ROUTER = Router(
    file.ROUTES
    for file in (
        meta,
        graphql,
        apps,
        deliveries,
        manifests,
        signed_in,
        repos,
        contents,
        refs,
        branches,
        labels,
        issues,
        comments,
        reactions,
        pulls,
        merging,
        reviews,
        checks,
        statuses,
        releases,
        milestones,
    )
)
