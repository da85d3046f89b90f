"""The GraphQL documents by which Usher asks what happened on threads."""

# What an event tells beside its time and who did it.
_TOLD = {
    "AssignedEvent": "assignee { ...account }",
    "ClosedEvent": "",
    "ConvertToDraftEvent": "",
    "DemilestonedEvent": "milestoneTitle",
    "HeadRefForcePushedEvent": "",
    "LabeledEvent": "label { name }",
    "LockedEvent": "lockReason",
    "MarkedAsDuplicateEvent": "",
    "MergedEvent": "",
    "MilestonedEvent": "milestoneTitle",
    "ReadyForReviewEvent": "",
    "RenamedTitleEvent": "previousTitle",
    "ReopenedEvent": "",
    "ReviewRequestRemovedEvent": "requestedReviewer { ...account ... on Team { __typename slug } }",
    "ReviewRequestedEvent": "requestedReviewer { ...account ... on Team { __typename slug } }",
    "TransferredEvent": "",
    "UnassignedEvent": "assignee { ...account }",
    "UnlabeledEvent": "label { name }",
    "UnlockedEvent": "",
}
_OF_ISSUES = """\
ASSIGNED_EVENT CLOSED_EVENT DEMILESTONED_EVENT ISSUE_COMMENT LABELED_EVENT LOCKED_EVENT
    MARKED_AS_DUPLICATE_EVENT MILESTONED_EVENT RENAMED_TITLE_EVENT REOPENED_EVENT TRANSFERRED_EVENT
    UNASSIGNED_EVENT UNLABELED_EVENT UNLOCKED_EVENT"""
_OF_PULLS = f"""{_OF_ISSUES} CONVERT_TO_DRAFT_EVENT
    HEAD_REF_FORCE_PUSHED_EVENT MERGED_EVENT PULL_REQUEST_COMMIT PULL_REQUEST_REVIEW
    READY_FOR_REVIEW_EVENT REVIEW_REQUESTED_EVENT REVIEW_REQUEST_REMOVED_EVENT"""
_SAID = "author { ...account } authorAssociation body createdAt"
_EVENTS = "\n".join(
    f"  ... on {kind} {{ createdAt actor {{ ...account }} {told} }}" for kind, told in _TOLD.items()
)
# Two pages of one number for each comment there may be: more points than all else together.
_LIKED = """
    down: reactions(content: THUMBS_DOWN) { totalCount }
    up: reactions(content: THUMBS_UP) { totalCount }"""
_ACCOUNT = """
fragment account on Actor {
  __typename
  login
  ... on User { databaseId }
  ... on Bot { databaseId }
  ... on Mannequin { databaseId }
  ... on Organization { databaseId }
}
"""


def _fragments(liked: str) -> str:
    return f"""{_ACCOUNT}fragment event on Node {{
  __typename
  id
  ... on IssueComment {{ {_SAID} minimizedReason {liked} }}
  ... on PullRequestReview {{ {_SAID} state submittedAt reviewed: commit {{ oid }} }}
  ... on PullRequestCommit {{ commit {{ oid committedDate }} }}
{_EVENTS}
}}
"""


def _timeline(kinds: str, first: str, after: str = "") -> str:
    page = f"first: {first}{after}, itemTypes: [{kinds}]"
    return f"timelineItems({page}) {{ pageInfo {{ hasNextPage endCursor }} nodes {{ ...event }} }}"


_COST = "rateLimit { cost limit remaining resetAt }"


def _threads(liked: str) -> str:
    return f"""\
query($ids: [ID!]!, $items: Int!, $threads: Int!, $comments: Int!) {{
  nodes(ids: $ids) {{
    ... on Issue {{ {_timeline(_OF_ISSUES, "$items")} }}
    ... on PullRequest {{
      headRefOid
      {_timeline(_OF_PULLS, "$items")}
      reviewThreads(first: $threads) {{
        pageInfo {{ hasNextPage }}
        nodes {{
          comments(first: $comments) {{ pageInfo {{ hasNextPage }} nodes {{ id {_SAID} minimizedReason }} }}
        }}
      }}
    }}
  }}
  {_COST}
}}{_fragments(liked)}"""


# The first page of what happened on each of many threads; of threads that changed lately, with what people
# thought of the comments.
THREADS, LATE_THREADS = _threads(""), _threads(_LIKED)

# A further page of one of them.
REST_OF_A_THREAD = f"""\
query($id: ID!, $after: String!) {{
  node(id: $id) {{
    ... on Issue {{ {_timeline(_OF_ISSUES, "100", ", after: $after")} }}
    ... on PullRequest {{ {_timeline(_OF_PULLS, "100", ", after: $after")} }}
  }}
  {_COST}
}}{_fragments(_LIKED)}"""
