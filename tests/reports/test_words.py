from regkit.reports.words import count


def test_one_is_one_and_none_and_more_are_several():
    assert [count(number, "epoch") for number in range(3)] == ["0 epochs", "1 epoch", "2 epochs"]
    assert count(1, "one is", "ones are") == "1 one is"
    assert count(2, "one is", "ones are") == "2 ones are"
