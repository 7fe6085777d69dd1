"""Documents that travel with a record; their bytes stand in the contents."""

from mcbridge.model.base import Concept, Content, Entity, Identifier, Texts


class Attachment(Entity, frozen=True, kw_only=True):
    """A document in one or several languages. ``kind`` is ELMO's word or an ELM concept."""

    id: str | None = None
    identifiers: tuple[Identifier, ...] = ()
    title: Texts = ()
    description: Texts = ()
    kind: Concept | None = None
    contents: tuple[Content, ...] = ()
