internal import EnvdCore
internal import EnvdPackaging

/// A list of exact packages, as `conda list --explicit` and `conda-lock render` write it.
struct CondaExplicitReader {
    private(set) var packages: [CondaLayer.LockedPackage] = []
    private(set) var secrets: [String: String] = [:]
    private(set) var wantedVariables: Set<String> = []

    private static let maximumLines = 50_000

    private static func lines(_ bytes: [UInt8]) -> [String] {
        bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self).trimmingBlanks() }
    }

    static func isExplicit(_ bytes: [UInt8]) -> Bool {
        let mark = Array("@EXPLICIT".utf8)
        return bytes.split(separator: UInt8(ascii: "\n")).contains { line in
            line.starts(with: mark) && line.dropFirst(mark.count).allSatisfy { $0 <= 0x20 }
        }
    }

    /// What `conda list --export` writes: `name=version=build` on each line, with no channel.
    static func isExport(_ bytes: [UInt8]) -> Bool {
        let used = lines(Array(bytes.prefix(64 << 10))).filter { !$0.isEmpty && !$0.hasPrefix("#") }.prefix(100)
        return !used.isEmpty && used.allSatisfy { $0.firstMatch(of: /^[A-Za-z0-9_.-]+=[^=\s]+=[^=\s]+$/) != nil }
    }

    /// - Throws: the first line that is no package, or a list for other machines.
    init(_ bytes: [UInt8], file: Path, name: String, root: Path) throws(Diagnostic) {
        func problem(_ line: Int, _ cause: String, _ hint: String = TOMLDocument.hint) -> Diagnostic {
            Diagnostic("could not read `\(name)`: \(cause)", at: .init(file: file, line: line), hint: hint)
        }
        let bytes = UTF8Text.withoutByteOrderMark(bytes)
        if let line = UTF8Text.firstInvalidLine(bytes) { throw problem(line, "it is not UTF-8") }
        if Self.isExport(bytes) {
            throw problem(
                1, "it is a list of `conda list --export`, which names no channels and cannot be built again",
                "write it anew with `conda list --explicit --md5`, or name its packages in an environment.yml")
        }
        let lines = Self.lines(bytes)
        guard lines.count <= Self.maximumLines else {
            throw problem(1, "there are more than \(Self.maximumLines) lines")
        }
        for (index, line) in lines.enumerated() {
            if let match = line.firstMatch(of: /^#\s*platform:\s*(\S+)$/), String(match.1) != CondaPlatform.current {
                throw problem(
                    index + 1,
                    "it is a list for \(String(match.1).shortened), and this machine is \(CondaPlatform.current)",
                    "make one for this machine with `conda list --explicit --md5`")
            }
            if line.isEmpty || line.hasPrefix("#") || line == "@EXPLICIT" { continue }
            guard let package = CondaPackageFile(url: line) else {
                throw problem(index + 1, "`\(line.shortened)` is no address of a package")
            }
            wantedVariables.formUnion(RequirementsLine(number: 1, text: line, pieces: []).variables)
            var url = package.url
            if ["http://", "https://", "file://"].contains(where: { url.hasPrefix($0) }) {
                let clean = CondaChannels.withoutCredentials(url)
                if clean != url { secrets[clean] = url }
                url = clean
            } else if url.contains("://") || url.hasPrefix("~") {
                throw problem(index + 1, "`\(line.shortened)` is no address of a package")
            } else {
                url = "file://" + root.appending(Path(url)).withoutDots.description
            }
            packages.append(.init(url: url, sha256: package.sha256, md5: package.md5))
        }
        guard !packages.isEmpty else { throw problem(1, "there are no packages in it") }
    }
}
