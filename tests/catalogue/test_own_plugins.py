"""The plugins of regkit's repository, and the error for one that is not installed.

Covers: regkit/catalogue/lookup.py
"""

import tomllib
from pathlib import Path

import pytest

import regkit as rk
from regkit.catalogue.own_plugins import NEEDS, OWN_PLUGINS, how_to_install

PROJECTS = [
    tomllib.loads(path.read_text(encoding="utf-8"))["project"]
    for path in sorted(Path(__file__, "../../../plugins").resolve().glob("*/pyproject.toml"))
]


def test_the_table_holds_what_the_plugins_say_of_themselves():
    assert {
        project["name"]: tuple(sorted(project["entry-points"]["regkit"])) for project in PROJECTS
    } == OWN_PLUGINS
    needs = {
        project["name"]: tuple(one for one in project["dependencies"] if one in OWN_PLUGINS)
        for project in PROJECTS
    }
    assert {name: others for name, others in needs.items() if others} == NEEDS


@pytest.mark.parametrize("distribution", OWN_PLUGINS)
def test_the_command_names_folders_that_exist(distribution):
    root = Path(__file__, "../../..").resolve()
    command = how_to_install(distribution).removeprefix("pip install ")
    assert all((root / folder / "pyproject.toml").is_file() for folder in command.split())


@pytest.mark.parametrize(
    ("distribution", "name"),
    [(distribution, name) for distribution, names in OWN_PLUGINS.items() for name in names],
)
def test_each_page_says_how_to_install_the_plugin(distribution, name):
    root = Path(__file__, "../../..").resolve()
    for page in (f"docs/penalties/{name}.md", f"plugins/{distribution}/README.md"):
        text = (root / page).read_text(encoding="utf-8")
        assert how_to_install(distribution) in text
        assert distribution in text


@pytest.fixture
def without_plugins(monkeypatch):
    """As if regkit alone were installed."""
    from regkit.catalogue import lookup, metadata, offers

    own = tuple(one for one in metadata.offerings() if one.name not in OWN_PLUGINS)
    for module in (lookup, offers):
        monkeypatch.setattr(module, "offerings", lambda: own)


@pytest.mark.usefixtures("without_plugins")
@pytest.mark.parametrize(
    ("spec", "name", "distribution"),
    [
        ("group_lasso=1e-3", "group_lasso", "regkit-group-lasso"),
        ("MCP=1e-3", "mcp", "regkit-nonconvex"),
        ("regkit-structured/nuclear_norm=1e-3", "nuclear_norm", "regkit-structured"),
    ],
)
def test_a_name_of_a_plugin_that_is_not_installed(spec, name, distribution):
    with pytest.raises(rk.errors.InputError) as caught:
        rk.regularizer(spec)
    message = str(caught.value)
    assert f"{name} comes with the plugin {distribution}, which is not installed" in message
    assert how_to_install(distribution) in message


@pytest.mark.usefixtures("without_plugins")
def test_its_name_in_another_form_is_known_too():
    with pytest.raises(rk.errors.SpecError, match="; write 'group_lasso=1e-3'"):
        rk.regularizer("group-lasso:1e-3")


@pytest.mark.usefixtures("without_plugins")
def test_another_distributions_name_is_just_unknown():
    with pytest.raises(
        rk.errors.UnknownRegularizerError, match=r"^unknown regularizer 'other/mcp'"
    ):
        rk.regularizer("other/mcp=1")


@pytest.mark.usefixtures("without_plugins")
@pytest.mark.parametrize(("name", "meant"), [("lasso", "l1"), ("ridge", "l2")])
def test_a_built_in_penalty_is_found_under_other_tools_names(name, meant):
    with pytest.raises(rk.errors.UnknownRegularizerError, match=f"did you mean '{meant}'"):
        rk.regularizer(f"{name}=0.1")
