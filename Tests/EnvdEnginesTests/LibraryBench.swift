import EnvdCore
import EnvdEngines
import EnvdSystem
import EnvdTestSupport
import Synchronization
import Testing

/// A conda prefix of one test's own, with libraries that the C compiler makes.
final class LibraryBench: Sendable {
    let directory: TemporaryDirectory
    let prefix: Path
    private let log = Mutex<[String]>([])

    var said: [String] { log.withLock { $0 } }
    var links: Path { prefix / ".envd/lib" }

    init(_ name: String = "prefix") throws {
        directory = try TemporaryDirectory("libraries")
        prefix = directory.path / name
        try FileSystem.makeDirectories(prefix / "lib")
        try FileSystem.makeDirectories(directory.path / "scratch")
    }

    var context: EngineContext {
        EngineContext(
            userEnvironment: ProcessEnvironment.all(), home: RealTools.home, cache: directory.path / "cache",
            temporary: directory.path / "scratch", engines: directory.path / "engines", runner: PlainCommandRunner(),
            log: { line in self.log.withLock { $0.append(line) } })
    }

    /// Where a library's DT_RPATH or DT_RUNPATH says to look.
    enum Search {
        case rpath(String)
        case runpath(String)

        var options: [ByteString] {
            switch self {
            case .rpath(let path): ["-Wl,--disable-new-dtags", ByteString("-Wl,-rpath,\(path)")]
            case .runpath(let path): ["-Wl,--enable-new-dtags", ByteString("-Wl,-rpath,\(path)")]
            }
        }
    }

    /// Makes `lib/FILE`.
    ///
    /// - Parameters:
    ///   - soname: nil: the file's name; empty: none.
    ///   - needs: files below the prefix's `lib`, or absolute, that it is linked with.
    ///   - versions: a version script of ld's.
    @discardableResult
    func library(
        _ file: String, soname: String? = nil, code: String = "", needs: [String] = [], search: Search? = nil,
        versions: String? = nil, at place: Path? = nil
    ) async throws -> Path {
        let output = (place ?? prefix / "lib").appending(file)
        try FileSystem.makeDirectories(output.parent)
        let number = UInt32.random(in: 0 ... .max)
        let source = try directory.write("\(number).c", code)
        var words: [ByteString] = ["-shared", "-fPIC", "-nostdlib", "-Wl,-z,noseparate-code", "-Wl,--no-as-needed"]
        let name = soname ?? "\(output.name)"
        if !name.isEmpty { words.append(ByteString("-Wl,-soname,\(name)")) }
        if let versions {
            words.append("-Wl,--version-script=" + (try directory.write("\(number).map", versions)).bytes)
        }
        words += search?.options ?? []
        words += ["-Wl,--allow-shlib-undefined", "-o", output.bytes, source.bytes]
        words += needs.map { (prefix / "lib").appending($0).bytes }
        try await compile(words)
        return output
    }

    func compile(_ words: [ByteString]) async throws {
        let result = await PlainCommandRunner().run(
            Command(
                executable: "/usr/bin/env", arguments: ["cc"] + words, environment: ProcessEnvironment.all(),
                workingDirectory: directory.path, writable: nil), onLine: { _ in })
        try #require(result.succeeded, "\(String(decoding: result.standardError, as: UTF8.self))")
    }

    func link(_ name: String, to target: String) throws {
        try FileSystem.replaceLink((prefix / "lib").appending(name), to: Path(target))
    }

    @discardableResult
    func find(
        _ mode: LibraryPath.Mode = .safe, excluding: [String] = [], isConda: Bool = true, cache: LinkerCache? = nil
    ) async throws -> [Path] {
        try await LibraryDirectories.find(
            in: prefix, LibraryPath(mode: mode, excluded: excluding), isConda: isConda, linkerCache: cache,
            context: context)
    }

    /// The names in the directory of links that `safe` makes.
    func offered(excluding: [String] = []) async throws -> [String] {
        let found = try await find(excluding: excluding)
        let names = FileSystem.exists(links) ? try FileSystem.list(links).map(\.description) : []
        #expect(found == (names.isEmpty ? [] : [links]))
        return names
    }

    /// What the log says of a library that is not offered.
    func cause(_ file: String) -> String? {
        let start = "`\(prefix)/lib/\(file)` is not offered: "
        return said.last { $0.hasPrefix(start) }.map { String($0.dropFirst(start.count)) }
    }
}
