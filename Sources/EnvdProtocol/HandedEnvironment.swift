package import EnvdCore

/// Which of a shell's variables the daemon is given: what resolving and fetching needs, no more.
///
/// A daemon that systemd started knows none of its user's shell, so that shells and the command line hand these
/// over. They stay in the daemon's memory and reach engines; they reach no log and no database.
package enum HandedEnvironment {
    private static let names: [StaticString] = [
        "PATH", "SSH_AUTH_SOCK", "NETRC", "LANG", "LANGUAGE", "TZ", "SSL_CERT_FILE", "SSL_CERT_DIR",
        "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "GIT_SSL_CAINFO", "GIT_SSH_COMMAND", "http_proxy", "https_proxy",
        "ftp_proxy", "all_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "ALL_PROXY", "NO_PROXY",
        "PYENV_ROOT", "KEYRING_BACKEND", "CONDARC",
    ]
    private static let prefixes: [StaticString] = ["UV_", "PIP_", "POETRY_", "PIPENV_", "CONDA_", "LC_"]
    /// What tells which directories of PATH are an active environment's; the daemon keeps none of them.
    private static let marks: [StaticString] = ["ENVD_UNDO", "VIRTUAL_ENV", "CONDA_PREFIX"]
    /// What activation sets itself: it would lead an engine back into an environment.
    private static let ours: Set<ByteString> = [
        "UV_PROJECT_ENVIRONMENT", "CONDA_PREFIX", "CONDA_SHLVL", "CONDA_DEFAULT_ENV", "CONDA_PROMPT_MODIFIER",
        "ENVD_UNDO", "VIRTUAL_ENV",
    ]

    /// Whether a shell sends the variable of this name along. On the way of every question that a shell asks: bytes
    /// and static strings alone.
    package static func isSent(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
        for known in names where equals(name, known) { return true }
        for known in marks where equals(name, known) { return true }
        for prefix in prefixes where name.count > prefix.utf8CodeUnitCount {
            if equals(UnsafeBufferPointer(rebasing: name[..<prefix.utf8CodeUnitCount]), prefix) { return true }
        }
        return false
    }

    private static func equals(_ bytes: UnsafeBufferPointer<UInt8>, _ text: StaticString) -> Bool {
        guard bytes.count == text.utf8CodeUnitCount else { return false }
        for index in 0..<bytes.count where bytes[index] != text.utf8Start[index] { return false }
        return true
    }

    /// The variables of a whole environment that are handed over, as `cleaned` leaves them.
    package static func selected(from environment: [ByteString: ByteString]) -> [ByteString: ByteString] {
        cleaned(environment.filter { name, _ in name.bytes.withUnsafeBufferPointer { isSent($0) } })
    }

    /// What was sent, without what an active environment had put in: no directory of it is left in PATH.
    package static func cleaned(_ sent: [ByteString: ByteString]) -> [ByteString: ByteString] {
        var kept = sent.filter { !ours.contains($0.key) }
        if let path = kept["PATH"] {
            let undo = Undo(text: sent["ENVD_UNDO"] ?? "")
            var foreign = Set(undo.lists.filter { $0.variable == .path }.flatMap(\.entries))
            for name: ByteString in ["VIRTUAL_ENV", "CONDA_PREFIX"] {
                if let prefix = sent[name], !prefix.isEmpty { foreign.insert(prefix + "/bin") }
            }
            let own = path.split(separator: UInt8(ascii: ":")).filter { !$0.isEmpty && !foreign.contains($0) }
            kept["PATH"] = ByteString(own.map(\.bytes).joined(separator: [UInt8(ascii: ":")]))
        }
        return kept
    }
}
