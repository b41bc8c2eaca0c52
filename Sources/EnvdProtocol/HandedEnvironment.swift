package import EnvdCore

/// Which of a shell's variables the daemon is given: what resolving and fetching needs, no more.
///
/// A daemon that systemd started knows none of its user's shell, so that shells and the command line hand these
/// over. They stay in the daemon's memory and reach engines; they reach no log and no database.
package enum HandedEnvironment {
    private static let names: Set<ByteString> = [
        "PATH", "SSH_AUTH_SOCK", "NETRC", "LANG", "LANGUAGE", "TZ",
        "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "GIT_SSL_CAINFO", "GIT_SSH_COMMAND",
        "http_proxy", "https_proxy", "ftp_proxy", "all_proxy", "no_proxy",
        "HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "ALL_PROXY", "NO_PROXY", "PYENV_ROOT", "KEYRING_BACKEND",
    ]
    private static let prefixes: [ByteString] = ["UV_", "PIP_", "POETRY_", "CONDA_", "LC_"]
    /// What activation sets itself: it would lead an engine back into an environment.
    private static let ours: Set<ByteString> = [
        "UV_PROJECT_ENVIRONMENT", "CONDA_PREFIX", "CONDA_SHLVL", "CONDA_DEFAULT_ENV", "CONDA_PROMPT_MODIFIER",
    ]

    /// The variables to hand over, of a whole environment.
    ///
    /// - Parameter wanted: further names that a manifest uses in `${…}`.
    /// - Returns: them, with no directory of an active environment left in PATH.
    package static func selected(
        from environment: [ByteString: ByteString], wanted: Set<ByteString> = []
    ) -> [ByteString: ByteString] {
        var selected = environment.filter { name, _ in
            guard !ours.contains(name) else { return false }
            return names.contains(name) || wanted.contains(name)
                || prefixes.contains { name.bytes.starts(with: $0.bytes) }
        }
        if let path = selected["PATH"] {
            var foreign = Set(environment["ENVD_ADDED_PATH"]?.split(separator: UInt8(ascii: ":")) ?? [])
            for name: ByteString in ["VIRTUAL_ENV", "CONDA_PREFIX"] {
                if let prefix = environment[name], !prefix.isEmpty { foreign.insert(prefix + "/bin") }
            }
            let kept = path.split(separator: UInt8(ascii: ":")).filter { !$0.isEmpty && !foreign.contains($0) }
            selected["PATH"] = ByteString(kept.map(\.bytes).joined(separator: [UInt8(ascii: ":")]))
        }
        return selected
    }
}
