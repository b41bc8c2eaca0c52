// EnvdClient
