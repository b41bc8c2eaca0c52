"""Prices as a table."""

import pandas as pd
from tabulate import tabulate

prices = pd.DataFrame({"fruit": ["apple", "pear"], "price": [0.4, 0.55]})
print(tabulate(prices, headers="keys", showindex=False))
