import pandas as pd

from warmest import warmest


def test_the_highest_value_wins():
    assert warmest(pd.Series([1.0, 3.0, 2.0], index=["a", "b", "c"])) == "b"
