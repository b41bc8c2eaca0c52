// EnvdProtocol
