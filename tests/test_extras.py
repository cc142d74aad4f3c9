"""Packages that only an extra installs."""

import sys

import pytest

from regkit.errors import InputError, MissingPackageError
from regkit.extras import required


def test_a_module_that_is_there_is_returned():
    found = required("json.decoder", package="json", extra="none", purpose="a test")
    assert found is sys.modules["json.decoder"]


def test_a_package_that_is_missing_is_named_with_its_extra():
    with pytest.raises(MissingPackageError) as found:
        required("no_such_module", package="no-such", extra="torch", purpose="regkit.torch")
    assert str(found.value) == (
        "regkit.torch needs no-such, which is not installed: pip install 'regkit-nn[torch]'"
    )
    assert isinstance(found.value, ImportError | InputError)


def test_a_package_that_is_broken_says_why(tmp_path, monkeypatch):
    (tmp_path / "broken_module.py").write_text("import a_module_it_lacks\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(MissingPackageError, match=r"cannot be imported .*a_module_it_lacks"):
        required("broken_module", package="broken", extra="torch", purpose="regkit.torch")
