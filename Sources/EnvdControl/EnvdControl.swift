// EnvdControl
