// EnvdStore
