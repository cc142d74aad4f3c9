"""Studies: many trainings that answer one question.

`regkit.compare` says whether a penalty helps, `regkit.path` how strong it should be, and
`regkit.sweep` searches several numbers at once; `paired_difference` and `choose` are the rules by
which they judge.
"""

from regkit.studies.choice import choose
from regkit.studies.statistics.paired import paired_difference

__all__ = ["choose", "paired_difference"]
