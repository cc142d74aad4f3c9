"""Packages that only an extra installs.

Covers: regkit/torch/__init__.py, regkit/jax/__init__.py
"""

import subprocess
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


@pytest.mark.parametrize(
    ("adapter", "module", "package"),
    [("jax", "jax", "jax"), ("sklearn", "sklearn", "scikit-learn"), ("torch", "torch", "torch")],
)
def test_an_adapter_without_its_library_says_what_to_install(adapter, module, package):
    program = f"import sys; sys.modules[{module!r}] = None; import regkit; import regkit.{adapter}"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stderr.splitlines()[-1].startswith(
        f"regkit.errors.MissingPackageError: regkit.{adapter} needs {package}, which "
    )
    assert done.stderr.rstrip().endswith(f"pip install 'regkit-nn[{adapter}]'")
