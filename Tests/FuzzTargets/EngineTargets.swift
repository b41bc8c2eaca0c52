internal import EnvdCore
internal import EnvdManifest

@testable internal import EnvdEngines

extension FuzzTarget {
    /// What packages bring and engines print.
    static let engines: [FuzzTarget] = [
        .file("elf", as: "lib.so") { _ = ElfObject(reading: $0 / "lib.so") },
        FuzzTarget("linker-cache") { _ = LinkerCache.places(in: $0) },
        FuzzTarget("uv-error") {
            let failure = UvFailure($0)
            _ = failure.diagnostic("build", "p", manifest: "/p/requirements.txt", workingDirectory: "/p")
        },
        FuzzTarget("pip-error") { _ = PipFailure($0).diagnostic("build", "p", manifest: "/p/requirements.txt") },
        FuzzTarget("poetry-error") {
            let result = CommandResult(ending: .exited(1), standardOutput: $0, standardError: $0)
            _ = PoetryFailure(result).diagnostic("build", "p", manifest: "/p/pyproject.toml")
        },
        .text("rattler-error") { text in
            for kind in ["unsolvable", "fetch", "other"] {
                _ = RattlerFailure(kind: kind, message: text).diagnostic("build", "p", manifest: "/p/environment.yml")
            }
        },
        FuzzTarget("shell-snapshot") { _ = ShellSnapshot($0) },
        FuzzTarget("pipfile-lock") { _ = try? PipfileLock($0, file: "/Pipfile.lock") },
        FuzzTarget("locked-versions") { bytes in
            for name in ["uv.lock", "poetry.lock", "Pipfile.lock", "pylock.toml", "requirements.txt"] {
                _ = LockedVersions(bytes, of: "/p" / name)
            }
        },
        .text("compile-header", limit: 512) { _ = CompileHeader($0) },
        .text("cuda-version", limit: 64) { _ = CudaVersion($0) },
        .text("percent-coding", limit: 256) { _ = PercentCoding.decoded($0) },
    ]
}
