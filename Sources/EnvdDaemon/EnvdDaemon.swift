// EnvdDaemon
