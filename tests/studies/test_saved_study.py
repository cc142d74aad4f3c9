import json
import shutil

import pytest

import regkit as rk
from regkit.errors import InputError
from regkit.studies.folder import plain
from regkit.studies.saved_study import holds_study, saved_study


@pytest.fixture(scope="module")
def studies(tmp_path_factory):
    folder = tmp_path_factory.mktemp("studies")
    settings = {"data": "spiral", "samples": 10, "hidden": [4], "epochs": 5}
    comparison = rk.compare(settings, seeds=[4, 7], workers=1, out=folder / "compare")
    linear = {"data": "sklearn:diabetes", "hidden": [], "epochs": 20}
    path = rk.path(
        linear, "l1=1e-3..1@*.weights", folds=2, strengths=3, workers=1, out=folder / "path"
    )
    searched = {**linear, "optimizer": "sgd", "lr": "1e-5..10", "reg": ["l2=1e-3..1"]}
    sweep = rk.sweep(searched, trials=8, batch=4, seeds=4, workers=1, out=folder / "sweep")
    return {
        "compare": (folder / "compare", comparison),
        "path": (folder / "path", path),
        "sweep": (folder / "sweep", sweep),
    }


@pytest.mark.parametrize("kind", ["compare", "path", "sweep"])
def test_a_saved_study_has_the_result_of_the_one_that_was_carried_out(kind, studies):
    folder, result = studies[kind]
    saved = saved_study(folder)
    assert type(saved.result) is type(result)
    assert plain(saved.result.as_dict()) == plain(result.as_dict())
    assert saved.result.run == result.run == folder / "run"
    assert saved.plan["study"]["kind"] == kind
    assert holds_study(folder)
    assert not holds_study(folder / "run")


@pytest.fixture
def copied(studies, tmp_path):
    shutil.copytree(studies["compare"][0], tmp_path / "study")
    return tmp_path / "study"


def test_rows_that_do_not_agree_with_the_result_are_refused(copied):
    rows = (copied / "rows.jsonl").read_text().splitlines()
    first = json.loads(rows[0])
    first["test"]["accuracy"] += 0.125
    (copied / "rows.jsonl").write_text("\n".join([json.dumps(first), *rows[1:], ""]))
    with pytest.raises(InputError, match=r"rows\.jsonl and .*result\.json do not agree"):
        saved_study(copied)


@pytest.mark.parametrize(
    ("file", "content", "told"),
    [
        ("plan.toml", "[study]\n", r"is not the plan of a study: no \[study\] kind"),
        ("plan.toml", '[study]\nkind = "dance"\n', "kind 'dance' is not known"),
        ("result.json", "{}", "damaged study, whose plan.toml, rows.jsonl and result.json do not"),
        ("result.json", "{", r"result\.json is damaged \(.*remove result\.json"),
        ("rows.jsonl", "", "do not fit each other"),
        ("rows.jsonl", "{}\n", "line 1 is not a row of a study"),
    ],
)
def test_damaged_files_are_told(file, content, told, copied):
    (copied / file).write_text(content)
    with pytest.raises(InputError, match=told):
        saved_study(copied)


def test_a_study_that_is_not_finished_is_told(copied):
    (copied / "result.json").unlink()
    with pytest.raises(InputError, match="the command that started it goes on with it"):
        saved_study(copied)
