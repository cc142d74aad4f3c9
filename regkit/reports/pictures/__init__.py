"""Pictures of runs, side by side: training curves and results.

Everything is read from the runs' folders, and no plugin is imported. matplotlib comes with the
extra `plot`.
"""

from regkit.reports.pictures.content import FileFormat
from regkit.reports.pictures.drawn_run import DrawnRun, drawn_runs
from regkit.reports.pictures.saving import SavedPictures, save_pictures

__all__ = ["DrawnRun", "FileFormat", "SavedPictures", "drawn_runs", "save_pictures"]
