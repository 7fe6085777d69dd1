"""The drafts of ELMO from before version 1.0 (``http://purl.org/net/elmo``): read as far as they are understood.

They are another format under the same name: the learner stands inside of each report, credits and levels on what was
offered, and there are elements that ELMO lost later. So they have a table of their own, and are never taken for 1.x.
What has no row is residue, which no version of ELMO takes back. The reader says how much was read and how much was not.
"""

from mcbridge.mappers.elmo.draft.documents import read

__all__ = ["read"]
