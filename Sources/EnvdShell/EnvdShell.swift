// EnvdShell
