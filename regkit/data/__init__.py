"""Tables: read from files and frames, split, and prepared for a network.

table = load("iris.csv", target="species")
task = resolve_task(table)
training, validation = split(table, 0.2, seed=0, stratify=task == "classification")
preparation = Preparation.fit(training, task=task, standardize=True)
X, y = preparation.transform(training), preparation.targets(training)
"""

from regkit.data.column import Column
from regkit.data.inputs import Imputation
from regkit.data.load import load
from regkit.data.preparation import Preparation
from regkit.data.split import split
from regkit.data.table import Table
from regkit.data.task import Task, resolve_task
from regkit.data.usable import require_usable_inputs

__all__ = [
    "Column",
    "Imputation",
    "Preparation",
    "Table",
    "Task",
    "load",
    "require_usable_inputs",
    "resolve_task",
    "split",
]
