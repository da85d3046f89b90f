"""The GraphQL documents by which Usher asks for the commits of the default branch."""

_PAGE = """
fragment page on CommitHistoryConnection {
  totalCount
  pageInfo { hasNextPage endCursor }
  nodes {
    oid
    authoredDate
    committedDate
    parents(first: 1) { totalCount }
    author { name email user { __typename databaseId login } }
  }
}
"""
_COST = "rateLimit { cost limit remaining resetAt }"

# The newest commits of the default branch.
NEWEST = f"""\
query($owner: String!, $name: String!, $since: GitTimestamp) {{
  repository(owner: $owner, name: $name) {{
    defaultBranchRef {{
      target {{ oid ... on Commit {{ history(first: 100, since: $since) {{ ...page }} }} }}
    }}
  }}
  {_COST}
}}{_PAGE}"""

# Those behind a page, of a commit that is named: so a branch that moves meanwhile changes nothing.
OLDER = f"""\
query($owner: String!, $name: String!, $tip: GitObjectID!, $after: String!, $since: GitTimestamp) {{
  repository(owner: $owner, name: $name) {{
    object(oid: $tip) {{
      ... on Commit {{ history(first: 100, after: $after, since: $since) {{ ...page }} }}
    }}
  }}
  {_COST}
}}{_PAGE}"""
