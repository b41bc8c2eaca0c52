"""Which day of the week was the warmest?"""

import numpy as np
import pandas as pd


def warmest(degrees: pd.Series) -> str:
    return str(degrees.idxmax())


if __name__ == "__main__":
    days = ["Mon", "Tue", "Wed", "Thu", "Fri"]
    week = pd.Series(np.array([17.5, 19.0, 22.5, 21.0, 18.5]), index=days)
    print(f"{warmest(week)} was the warmest day (pandas {pd.__version__})")
