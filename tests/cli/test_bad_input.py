"""Bad input gets one line on stderr and exit 2: no traceback, and nothing is written."""

from __future__ import annotations

import pytest

BAD = {
    "negative strength": (["--reg", "l2=-1"], "strength must be finite and at least 0, got -1.0"),
    "infinite strength": (["--reg", "l2=inf"], "strength must be finite and at least 0, got inf"),
    "huge strength": (["--reg", "l2=1e999"], "strength must be finite and at least 0, got inf"),
    "NaN strength": (["--reg", "l2=nan"], "strength must be a float, got nan"),
    "non-numeric strength": (["--reg", "l2=lots"], "strength must be a float, got 'lots'"),
    "missing strength": (["--reg", "l2="], "a strength must follow 'l2='"),
    "unknown field": (
        ["--reg", "l1=0.1,at_zeros=0"],
        "l1 has no field 'at_zeros', did you mean 'at_zero'? (its fields: strength: float = 1.0, ",
    ),
    "field out of range": (
        ["--reg", "elastic_net=0.1,l1_ratio=2"],
        "l1_ratio must be in [0, 1], got 2.0",
    ),
    "field of the wrong type": (
        ["--reg", "elastic_net=0.1,l1_ratio=half"],
        "l1_ratio must be a float, got 'half'",
    ),
    "field without a value": (["--reg", "l1=0.1,at_zero"], "'at_zero' is not FIELD=VALUE"),
    "field given twice": (["--reg", "l2=1,strength=2"], "strength is given twice"),
    "on as a field": (["--reg", "l2=1,on=dense1"], "write selectors after '@'"),
    "unknown mode": (
        ["--reg", "l2=1,mode=proximal"],
        "mode must be one of 'loss' | 'prox' | 'decoupled' | 'constraint'",
    ),
    "no constraint": (["--reg", "l2=1,mode=constraint"], "its class declares no constraint"),
    "unknown schedule": (["--reg", "l2=1,schedule=rampe:0:3"], "did you mean 'ramp'?"),
    "schedule that ends first": (["--reg", "l2=1,schedule=ramp:9:3"], "must end after it begins"),
    "unknown scale": (["--reg", "l2=1,scale=fan"], "scale must be one of 'none' | 'size'"),
    "equal labels": (
        ["--reg", "l2=1,label=decay", "--reg", "l1=1,label=decay"],
        "decay",
    ),
    "empty spec": (["--reg", ""], "empty spec: write "),
    "blank spec": (["--reg", "  "], "empty spec: write "),
    "no name": (["--reg", "=0.1"], "'' is not a regularizer's name"),
    "unknown name": (
        ["--reg", "elastc=0.1"],
        "unknown regularizer 'elastc'; did you mean 'elastic_net'?",
    ),
    "the name of the class": (["--reg", "L2=0.1"], "unknown regularizer 'L2'; did you mean 'l2'?"),
    "selector that matches nothing": (
        ["--reg", "l2=0.1@dense9"],
        "selector 'dense9' matches no parameter (trainable: dense1.weights, dense1.biases, ",
    ),
    "empty selector": (["--reg", "l2=0.1@dense1+"], "a selector must follow '@' and each '+'"),
    "second @": (["--reg", "l2=0.1@dense1@dense2"], "'dense1@dense2' may not contain"),
    "none among others": (
        ["--reg", "none", "--reg", "l2=1"],
        "--reg none means no regularizer: give it alone",
    ),
    "none with a strength": (["--reg", "none=0.1"], "'none' means no regularizer: give it alone"),
    "two proximal points": (
        ["--reg", "l1=0.1,mode=prox", "--reg", "l2=0.1,mode=prox@dense1"],
        "both act by a proximal point or a projection on dense1.weights",
    ),
    "hidden 0": (["--hidden", "0"], "'0' is not a list of layer sizes"),
    "hidden negative": (["--hidden=-3"], "'-3' is not a list of layer sizes"),
    "hidden empty": (["--hidden", "64,"], "'64,' is not a list of layer sizes"),
    "hidden text": (["--hidden", "big"], "'big' is not a list of layer sizes"),
    "epochs -1": (["--epochs", "-1"], "epochs must be an integer at least 0, got -1"),
    "epochs 1.5": (["--epochs", "1.5"], "'1.5' is not a valid integer"),
    "lr nan": (["--lr", "nan"], "lr must be finite"),
    "lr infinite": (["--lr", "inf"], "lr must be finite"),
    "lr 0": (["--lr", "0"], "lr must be finite and above 0, got 0.0"),
    "lr text": (["--lr", "fast"], "'fast' is not a valid float"),
    "decay negative": (["--decay", "-1"], "decay must be finite and at least 0, got -1.0"),
    "batch larger than the data": (
        ["--batch-size", "16"],
        "batch_size must be an integer from 1 to 15, got 16",
    ),
    "batch of 0": (["--batch-size", "0"], "batch_size must be an integer at least 1, got 0"),
    "one class": (["--classes", "1"], "classes must be at least 2, got 1"),
    "257 classes": (["--classes", "257"], "classes must be an integer from 1 to 256, got 257"),
    "no samples": (["--samples", "0"], "samples must be an integer at least 1, got 0"),
    "seed -1": (["--seed", "-1"], "seed must be an integer from 0 to 4294967295, got -1"),
    "log every 0": (["--log-every", "0"], "log_every must be an integer at least 1, got 0"),
    "unknown dtype": (["--dtype", "float16"], "'float16' is not one of 'float32', 'float64'"),
    "unknown optimizer": (["--optimizer", "adm"], "'adm' is not one of"),
    "unknown flag": (["--epoch", "3"], "No such option"),
}


@pytest.mark.parametrize(("arguments", "problem"), BAD.values(), ids=BAD)
def test_bad_input_gets_one_line_and_exit_2(train_here, workplace, arguments, problem):
    outcome = train_here(*arguments)
    assert outcome.code == 2
    assert problem in outcome.error
    assert outcome.out == ""
    assert not list(workplace.iterdir())


def test_so_it_does_as_a_process(train, workplace):
    outcome = train("--reg", "l2=-1")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err == "Error: L2: strength must be finite and at least 0, got -1.0\n"
    assert not list(workplace.iterdir())


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["trian"], "No such command 'trian'"),
        (["train", "moon"], "moon"),
        (["plugins", "show"], "Missing argument 'NAME'"),
        (["plugins", "show", ""], "empty spec"),
        (["plugins", "show", "l3"], "unknown regularizer 'l3'"),
        (["plugins", "show", "l 2"], "'l 2' is not a regularizer's name"),
    ],
)
def test_so_does_a_command_that_is_not_understood(regkit, arguments, problem):
    outcome = regkit(*arguments)
    assert outcome.code == 2
    assert problem in outcome.error
    assert outcome.out == ""
