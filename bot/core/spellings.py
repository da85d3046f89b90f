"""Settings that carry over from other tools keep the names that they have there."""

from pydantic import AliasChoices, AliasGenerator, ConfigDict
from pydantic.alias_generators import to_camel


def spellings(name: str) -> AliasChoices:
    """The ways in which a setting may be written: ``title_only``, ``titleOnly``, ``title-only``."""
    return AliasChoices(name, to_camel(name), name.replace("_", "-"))


#: For sections whose settings other tools write in camel case or with hyphens. The manual shows them with
#: underscores, the way Usher writes its own.
ANY_SPELLING = ConfigDict(alias_generator=AliasGenerator(validation_alias=spellings))
