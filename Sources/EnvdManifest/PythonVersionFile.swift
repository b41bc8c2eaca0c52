internal import EnvdCore
internal import EnvdPackaging

/// `.python-version`, as pyenv and uv write it; else runtime.txt, as Heroku reads it.
enum PythonVersionFile {
    static let names = [".python-version", "runtime.txt"]

    /// The specifiers that the file asks for; what is no version in it is passed over with its reason, never
    /// followed: uv would run a path that stands there.
    static func read(_ context: inout ReadingContext) -> [String] {
        for name in names {
            let found = read(name, &context)
            if !found.isEmpty { return found }
        }
        return []
    }

    private static func read(_ name: String, _ context: inout ReadingContext) -> [String] {
        let path = context.root / name
        guard let bytes = context.files.readIfPresent(path) else { return [] }
        guard let text = String(validating: UTF8Text.withoutByteOrderMark(bytes), as: UTF8.self) else {
            context.passOver(path, "it is not UTF-8")
            return []
        }
        let lines = text.utf8.split(separator: UInt8(ascii: "\n")).map { Substring($0).trimmingBlanks() }
        guard let request = lines.first(where: { !$0.isEmpty && !$0.hasPrefix("#") }) else { return [] }
        guard let specifiers = specifiers(for: request) else {
            context.passOver(path, "`\(request.shortened)` is no version of CPython that envd can look for")
            return []
        }
        context.follow(path)
        return specifiers
    }

    /// `3.12`, `cpython-3.12`, `python3.12` or specifiers as PEP 440 clauses; nil for anything else.
    static func specifiers(for request: String) -> [String]? {
        if let first = request.utf8.first, "<>=!~".utf8.contains(first) {
            return try? VersionSpecifiers.normalised(request)
        }
        var version = request.lowercased()
        for prefix in ["cpython-", "cpython@", "cpython", "python-", "python@", "python"]
        where version.hasPrefix(prefix) {
            version = String(version.dropFirst(prefix.count))
            break
        }
        let parts = version.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...3).contains(parts.count), parts.allSatisfy({ !$0.isEmpty && $0.utf8.count < 4 && $0.isDecimal })
        else { return nil }
        return [parts.count == 3 ? "==\(version)" : "==\(version).*"]
    }
}

extension Substring {
    fileprivate var isDecimal: Bool { utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } }
}
