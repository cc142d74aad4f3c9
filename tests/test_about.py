"""The package's name and version are those under which it is installed."""

from importlib.metadata import version

import regkit
from regkit.about import DISTRIBUTION, __version__


def test_the_version_is_that_of_the_installed_distribution():
    assert version(DISTRIBUTION) == __version__


def test_the_package_shows_its_version():
    assert regkit.__version__ == __version__
