package import EnvdCore
internal import EnvdSystem
internal import Glibc

/// The real programs: envd's own, which lie beside the test bundle, and the machine's.
package enum Programs {
    package struct Missing: Error, CustomStringConvertible {
        package let description: String
    }

    package static var directory: Path { BuiltPrograms.directory }
    package static var envd: Path { directory / "envd" }

    /// The first uv on PATH that is a program, not a script that looks for one.
    package static func uv() throws -> Path {
        let path = ProcessEnvironment.all()["PATH"] ?? ""
        for directory in path.split(separator: UInt8(ascii: ":")) {
            let program = Path(directory) / "uv"
            guard FileSystem.isExecutable(program), let real = try? FileSystem.canonical(program),
                !isScript(real)
            else { continue }
            return real
        }
        throw Missing(description: "uv is needed on PATH: contrib/scripts/setup test, then put .build/tools/bin there")
    }

    private static func isScript(_ program: Path) -> Bool {
        let descriptor = FileSystem.withCPath(program) { open($0, O_RDONLY | O_CLOEXEC) }
        defer { close(descriptor) }
        var start: [UInt8] = [0, 0]
        return read(descriptor, &start, 2) == 2 && start == Array("#!".utf8)
    }

    /// One cache for all tests of a run: packages are fetched once, and each daemon's engines share it as they would
    /// on a machine with several logins.
    package static let cache: Path = {
        let base = ProcessEnvironment.path("TMPDIR") ?? "/tmp"
        let path = ((try? FileSystem.canonical(base)) ?? base) / "envd-e2e-cache-\(getpid())"
        try? FileSystem.makeDirectories(path)
        atexit { try? FileSystem.remove(Programs.cache) }
        return path
    }()

    /// What leads to packages on this machine: proxies, certificates, index settings.
    package static var network: [ByteString: ByteString] {
        ProcessEnvironment.all().filter { name, _ in
            let text = name.description
            return ["UV_", "PIP_", "SSL_CERT"].contains { text.hasPrefix($0) } || text.lowercased().hasSuffix("_proxy")
                || text == "REQUESTS_CA_BUNDLE"
        }
    }
}
