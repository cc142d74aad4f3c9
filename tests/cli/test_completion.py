"""Shell completion, through the door that the shell uses."""

from __future__ import annotations

import pytest


@pytest.fixture
def complete(regkit):
    """What bash is offered after these words, the last of which is being typed."""

    def run(*words: str, **variables: str) -> list[str]:
        outcome = regkit(
            _REGKIT_COMPLETE="bash_complete",
            COMP_WORDS=" ".join(("regkit", *words)),
            COMP_CWORD=str(len(words)),
            **variables,
        )
        assert outcome.code == 0, outcome.err
        return [line.partition(",")[2] for line in outcome.out.splitlines() if line]

    return run


@pytest.mark.parametrize("words", [("train", "--reg"), ("plugins", "show")], ids=" ".join)
def test_names_come_from_metadata(site, complete, words):
    site.install("regkit-huber", {"l_huber": "nowhere:Huber"})
    site.install("regkit-rival", {"l1": "nowhere:L1"})
    offered = complete(*words, "l")
    assert {"l1", "l2", "l_huber"} <= set(offered)
    assert "elastic_net" not in offered
    assert complete(*words, "regkit-r") == ["regkit-rival/l1"]


def test_what_may_not_be_used_is_not_offered(site, complete):
    site.install("regkit-huber", {"huber": "nowhere:Huber"})
    assert complete("train", "--reg", "hu") == ["huber"]
    assert complete("train", "--reg", "hu", REGKIT_PLUGINS="none") == []


def test_choices_and_commands_are_offered(complete):
    assert complete("train", "--optimizer", "ad") == ["adagrad", "adam"]
    assert "plugins" in complete("pl")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_there_is_a_script_for_each_shell(regkit, shell):
    outcome = regkit(_REGKIT_COMPLETE=f"{shell}_source")
    assert outcome.code == 0
    assert "_REGKIT_COMPLETE" in outcome.out
