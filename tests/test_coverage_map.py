"""Each source file has its test file, or is named by the test file that covers it.

The test file of `regkit/a/b.py` is `tests/a/test_b.py`. Where there is none, a line `Covers:` in
the docstring of another test file names the source file, several with commas between them. An
`__init__.py` that only imports needs neither.
"""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
COVERS = re.compile(r"^Covers: (.+)$", re.MULTILINE)
SEPARATOR = re.compile(r",\s*")


def test_each_source_file_has_its_test_file_or_is_named_by_one():
    lacking = uncovered(ROOT)
    assert not lacking, "add the test file, or a line `Covers:` to the one that covers:\n" + lines(
        f"{source} (its own test file would be {mirror_of(source)})" for source in lacking
    )


def test_each_named_source_file_exists_and_has_no_test_file_of_its_own():
    assert not wrongly_named(ROOT), lines(wrongly_named(ROOT))


def lines(texts):
    return "\n".join(f"  {text}" for text in texts)


def source_files(root):
    """Those that need a test, as paths from the root, such as `regkit/nn/model.py`."""
    return [
        path.relative_to(root).as_posix()
        for path in sorted((root / "regkit").rglob("*.py"))
        if path.name != "__init__.py" or not only_imports(ast.parse(path.read_bytes()))
    ]


def only_imports(module):
    """Whether a module holds nothing but its docstring, imports and the list of their names."""
    after_docstring = module.body[ast.get_docstring(module) is not None :]
    return all(
        isinstance(node, ast.Import | ast.ImportFrom)
        or (isinstance(node, ast.Assign) and ast.unparse(node.targets) == "__all__")
        for node in after_docstring
    )


def mirror_of(source):
    path = Path("tests", *Path(source).parts[1:])
    return path.with_name(f"test_{path.name}").as_posix()


def named_sources(root):
    """Pairs of a test file and a source file that it says it covers."""
    for path in sorted((root / "tests").rglob("test_*.py")):
        docstring = ast.get_docstring(ast.parse(path.read_bytes())) or ""
        for listed in COVERS.findall(docstring):
            for source in SEPARATOR.split(listed):
                yield path.relative_to(root).as_posix(), source


def uncovered(root):
    named = {source for _, source in named_sources(root)}
    return [
        source
        for source in source_files(root)
        if source not in named and not (root / mirror_of(source)).is_file()
    ]


def wrongly_named(root):
    needing_a_test = source_files(root)
    found = []
    for test, source in named_sources(root):
        if source not in needing_a_test:
            found.append(f"{test} covers {source!r}, which is no source file that needs a test")
        elif (root / mirror_of(source)).is_file():
            found.append(f"{test} covers {source}, which has {mirror_of(source)}")
    return found


@pytest.fixture
def project(tmp_path):
    """Writes a small project: content by path."""

    def write(**files):
        for name, content in files.items():
            path = tmp_path / f"{name.replace('__', '/')}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
        return tmp_path

    return write


def test_a_test_file_counts_only_in_the_mirrored_place(project):
    root = project(regkit__nn__model="x = 1", tests__test_model="")
    assert uncovered(root) == ["regkit/nn/model.py"]
    project(tests__nn__test_model="")
    assert uncovered(root) == []


def test_one_test_file_may_name_several_source_files_in_several_lines(project):
    covers = "Covers: regkit/a.py,  regkit/b.py\nCovers: regkit/c.py\n"
    sources = {"regkit__a": "a = 1", "regkit__b": "b = 1", "regkit__c": "", "regkit__d": "d = 1"}
    root = project(**sources, tests__test_all=f'"""All.\n\n{covers}"""')
    assert uncovered(root) == ["regkit/d.py"]
    assert wrongly_named(root) == []


def test_only_a_test_files_docstring_names_what_it_covers(project):
    root = project(
        regkit__a="a = 1",
        tests__conftest='"""Covers: regkit/a.py"""',
        tests__test_b='"""B."""\n"""Covers: regkit/a.py"""\n# Covers: regkit/a.py\n',
    )
    assert uncovered(root) == ["regkit/a.py"]


@pytest.mark.parametrize(
    ("content", "needs_a_test"),
    [
        ("", False),
        ('"""A room."""\n', False),
        ('"""A room."""\nimport os\nfrom a import b\n__all__ = ["b"]\n', False),
        ('"""A room."""\nLAWS = (1, 2)\n', True),
        ("def main(): pass\n", True),
        ('"""A room."""\n"""Another text."""\n', True),
    ],
)
def test_a_package_file_that_does_more_than_import_needs_a_test(project, content, needs_a_test):
    root = project(regkit__nn__a="")
    (root / "regkit/nn/__init__.py").write_text(content)
    assert ("regkit/nn/__init__.py" in uncovered(root)) == needs_a_test


@pytest.mark.parametrize(
    ("named", "complaint"),
    [
        ("regkit/gone.py", "'regkit/gone.py', which is no source file that needs a test"),
        ("regkit/nn/", "'regkit/nn/', which is no source file that needs a test"),
        ("regkit/a.py", "regkit/a.py, which has tests/test_a.py"),
    ],
)
def test_a_name_that_helps_nobody_is_a_fault(project, named, complaint):
    root = project(
        regkit__a="a = 1",
        regkit__nn__b="b = 1",
        tests__test_a="",
        tests__nn__test_b="",
        tests__test_names=f'"""Names.\n\nCovers: {named}\n"""',
    )
    assert wrongly_named(root) == [f"tests/test_names.py covers {complaint}"]
