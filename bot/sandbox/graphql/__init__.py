"""The GraphQL API, as far as it is served: `schema.graphql` says what there is, with GitHub's own names."""
