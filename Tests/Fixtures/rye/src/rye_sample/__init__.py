NAME = "rye"
