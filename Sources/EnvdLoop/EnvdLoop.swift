// EnvdLoop
