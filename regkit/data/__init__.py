"""Tables: read from files and frames, split, and prepared for a network.

table = read_table("iris.csv", target="species")
task = resolve_task(table)
training, validation = split(table, 0.2, seed=0, stratify=task == "classification")
preparation = Preparation.fit(training, task=task, standardize=True)
X, y = preparation.transform(training), preparation.targets(training)
"""

from regkit.data.column import Column
from regkit.data.dialect import Dialect
from regkit.data.folds import fold
from regkit.data.input_column import Imputation
from regkit.data.preparation import Preparation
from regkit.data.reading import read_table
from regkit.data.requirements import require_usable_inputs
from regkit.data.split import split, split_by_group, split_last
from regkit.data.table import Table
from regkit.data.task import Task, resolve_task

__all__ = [
    "Column",
    "Dialect",
    "Imputation",
    "Preparation",
    "Table",
    "Task",
    "fold",
    "read_table",
    "require_usable_inputs",
    "resolve_task",
    "split",
    "split_by_group",
    "split_last",
]
