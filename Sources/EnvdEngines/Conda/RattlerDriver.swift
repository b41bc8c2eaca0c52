internal import EnvdCore
internal import EnvdSystem

/// One run of the driver (`Driver/*.py`): a request in a file, events while it runs, an answer.
struct RattlerDriver: Sendable {
    /// How a run ended.
    enum Answer: Sendable {
        case result([String: CanonicalValue])
        case failure(RattlerFailure)
        /// It was ended, could not be started, or said nothing that can be read.
        case unfinished(CommandResult)
    }

    private static let modules = [
        ("rattler_driver.py", PackageResources.rattler_driver_py),
        ("rattler_cache.py", PackageResources.rattler_cache_py),
        ("rattler_requests.py", PackageResources.rattler_requests_py),
    ]

    /// Of an environment that has py-rattler.
    let python: Path
    let context: EngineContext

    /// Where packages and repodata are kept, for all projects.
    var cache: Path { context.cache / "rattler" }

    /// The packages that are not in the cache, as far as their directories tell.
    func missing(of resolution: CondaResolution) -> [CondaResolution.Record] {
        resolution.records.filter { !FileSystem.exists(cache / "pkgs/\($0.name)-\($0.version)-\($0.build)/info") }
    }

    /// - Parameters:
    ///   - writable: trees that it may write into beside the cache and the build's own.
    ///   - isFetch: whether it may download.
    ///   - progress: called on each package, from any thread.
    func run(
        _ request: [String: CanonicalValue], settings: CondaOptions = CondaOptions(), writable: [Path] = [],
        isFetch: Bool = false,
        progress: @escaping @Sendable (CondaProgress) -> Void = { _ in }
    ) async throws(Diagnostic) -> Answer {
        var request = request
        request["cache"] = .text(cache.description)
        request["offline"] = .truth(settings.isOffline)
        request["ssl_verify"] = .truth(settings.verifiesCertificates)
        request["proxies"] = .table(settings.proxies.mapValues { .text($0) })
        request["run_scripts"] = .truth(settings.runsLinkScripts)
        let credentials = CondaCredentials(settings.secrets.values, environment: context.userEnvironment)
        request["patience"] = .integer(Int64(settings.patience.components.seconds))
        let program = context.temporary / "rattler-driver"
        let input = context.temporary / "rattler-request-\(UInt32.random(in: 0 ... .max)).json"
        let text = CanonicalValue.table(request).json
        try telling { () throws(SystemError) in
            try FileSystem.makeDirectories(program)
            try FileSystem.makeDirectories(cache)
            for (name, text) in Self.modules { try FileSystem.replace(program / name, with: text) }
            try FileSystem.replace(input, with: Array(text.utf8))
        }
        defer { try? FileSystem.remove(input) }
        var environment = environment(settings)
        if !credentials.hosts.isEmpty { environment["ENVD_CREDENTIALS"] = ByteString(credentials.json) }
        let command = Command(
            executable: python, arguments: ["-I", (program / "rattler_driver.py").bytes, input.bytes],
            environment: environment.values,
            workingDirectory: context.temporary, writable: [cache, context.temporary] + writable)
        let log = context.log
        let onLine: @Sendable (String) -> Void = { line in
            switch Self.event(line) {
            case .progress(let step): progress(step)
            case .warning(let text): log("rattler: \(text)")
            case nil: log(line)
            }
        }
        let result =
            isFetch
            ? await context.fetch(command, onLine: onLine) : await context.runner.run(command, onLine: onLine)
        guard case .exited = result.ending, let answer = try? JSONText.parse(result.standardOutput).table else {
            return .unfinished(result)
        }
        return answer["event"]?.text == "result" ? .result(answer) : .failure(RattlerFailure(answer))
    }

    private func environment(_ settings: CondaOptions) -> EngineEnvironment {
        var environment = EngineEnvironment(context)
        environment["RATTLER_CACHE_DIR"] = cache.bytes
        environment["NO_COLOR"] = "1"
        if let certificates = settings.certificates { environment["SSL_CERT_FILE"] = certificates.bytes }
        return environment
    }

    private enum Event {
        case progress(CondaProgress)
        case warning(String)
    }

    /// Nil for a line of rattler's own.
    private static func event(_ line: String) -> Event? {
        guard line.hasPrefix("{"), let table = try? JSONText.parse(Array(line.utf8)).table else { return nil }
        switch table["event"]?.text {
        case "progress":
            guard let phase = table["phase"]?.text.flatMap(CondaProgress.Phase.init) else { return nil }
            return .progress(
                CondaProgress(
                    phase: phase, package: table["package"]?.text ?? "", done: table["done"]?.integer ?? 0,
                    total: table["total"]?.integer ?? 0,
                    doneBytes: table["done_bytes"]?.integer.map { ByteSize(bytes: Int64($0)) },
                    totalBytes: table["total_bytes"]?.integer.map { ByteSize(bytes: Int64($0)) }))
        case "warning": return .warning(table["message"]?.text ?? "")
        default: return nil
        }
    }
}
