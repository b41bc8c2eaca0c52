package import EnvdCore
internal import EnvdSystem
internal import Glibc

/// envd's own programs, which lie beside the test bundle.
package enum BuiltPrograms {
    package static let directory: Path = {
        let bundle = Path(CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? CommandLine.arguments[0])
        let places = [bundle.parent, bundle, (try? FileSystem.linkTarget("/proc/self/exe"))?.parent].compactMap(\.self)
        let here = WorkingDirectory.physical
        let all = places.map { here.appending($0) } + [here / ".build/debug"]
        return all.first { FileSystem.isExecutable($0 / "envd-hook") } ?? here
    }()
}
