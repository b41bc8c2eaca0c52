internal import EnvdCore
internal import EnvdPackaging

/// setup.cfg as Python's configparser reads it, without running anything.
struct SetupCfg {
    struct Entry {
        /// Of the key, from 1.
        var line: Int
        /// The lines of the value, without blanks, empty ones left out.
        var values: [String]
        /// The number of the line that each of them stands in.
        var lines: [Int]
    }

    let file: Path
    private(set) var sections: [String: [String: Entry]] = [:]

    static let maximumEntries = 20_000

    /// - Throws: the first line that configparser would not take.
    init(_ bytes: [UInt8], file: Path) throws(Diagnostic) {
        self.file = file
        let bytes = UTF8Text.withoutByteOrderMark(bytes)
        if let line = UTF8Text.firstInvalidLine(bytes) { throw problem(line, 1, "it is not UTF-8") }
        var section: String?
        var key: String?
        var count = 0
        var number = 0
        for piece in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            let raw = String(decoding: piece, as: UTF8.self)
            let text = raw.trimmingBlanks()
            if text.isEmpty || text.hasPrefix("#") || text.hasPrefix(";") { continue }
            count += 1
            guard count <= Self.maximumEntries else {
                throw problem(number, 1, "it has more than \(Self.maximumEntries) entries")
            }
            let isIndented = raw.utf8.first == 0x20 || raw.utf8.first == 0x09
            if isIndented, let section, let key {
                sections[section]?[key]?.values.append(text)
                sections[section]?[key]?.lines.append(number)
                continue
            }
            if text.hasPrefix("[") {
                guard let end = text.firstIndex(of: "]") else { throw problem(number, 1, "a section is not closed") }
                let name = String(text[text.index(after: text.startIndex)..<end])
                if sections[name] == nil { sections[name] = [:] }
                (section, key) = (name, nil)
                continue
            }
            guard let section else { throw problem(number, 1, "there is no section before this line") }
            guard let end = text.utf8.firstIndex(where: { $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: ":") }),
                end != text.startIndex
            else { throw problem(number, 1, "`\(text.shortened)` is neither a key with a value nor a section") }
            let name = text[..<end].trimmingBlanks().lowercased()
            let value = text[text.index(after: end)...].trimmingBlanks()
            sections[section]?[name] = Entry(
                line: number, values: value.isEmpty ? [] : [value], lines: value.isEmpty ? [] : [number])
            key = name
        }
    }

    func problem(_ line: Int, _ column: Int?, _ cause: String) -> Diagnostic {
        Diagnostic(
            "could not read `setup.cfg`: \(cause)", at: .init(file: file, line: line, column: column),
            hint: TOMLDocument.hint)
    }

    /// A value of one line; nil where there is none.
    func text(_ section: String, _ key: String) -> String? {
        sections[section]?[key].map { $0.values.joined(separator: "\n") }
    }

    /// A list of requirements: one a line, or all in one line with `;` between them, as setuptools has it.
    ///
    /// - Throws: one that cannot be understood, with its line.
    func requirements(_ section: String, _ key: String) throws(Diagnostic) -> [String] {
        guard let entry = sections[section]?[key], !entry.values.isEmpty else { return [] }
        // Read by setuptools from another file.
        if entry.values[0].hasPrefix("file:") { return [] }
        let isOneLine = entry.values.count == 1 && entry.lines[0] == entry.line
        let pieces = isOneLine ? entry.values[0].split(separator: ";").map(String.init) : entry.values
        var result: [String] = []
        for (index, piece) in pieces.enumerated() {
            let text = piece.trimmingBlanks()
            if text.isEmpty { continue }
            do throws(GrammarError) {
                result.append(try Requirement(parsing: text).normalised)
            } catch {
                throw problem(entry.lines[isOneLine ? 0 : index], nil, error.cause)
            }
        }
        return result
    }

    /// Files that `file:` names anywhere in the sections that a build reads.
    var files: [String] {
        sections.filter { Self.isForBuilds($0.key) }.values.flatMap { $0.values }.flatMap { entry -> [String] in
            guard let first = entry.values.first, first.hasPrefix("file:") else { return [] }
            let all = ([String(first.dropFirst("file:".count))] + entry.values.dropFirst()).joined(separator: ",")
            return all.split(separator: ",").map { $0.trimmingBlanks() }.filter { !$0.isEmpty }
        }.sortedAndUnique()
    }

    private static let prose: Set<String> = [
        "author", "author_email", "author-email", "classifiers", "classifier", "description", "home_page", "home-page",
        "keywords", "license", "license_files", "license_file", "long_description", "long-description",
        "long_description_content_type", "maintainer", "maintainer_email", "platforms", "project_urls", "url",
        "description-file", "description_file", "download_url",
    ]

    /// Whether a section says something of what is built: most of them are other tools'.
    private static func isForBuilds(_ name: String) -> Bool {
        [
            "metadata", "options", "files", "entry_points", "global", "backwards_compat", "extras", "build",
            "build_ext",
            "build_py", "build_scripts", "egg_info", "easy_install", "bdist_wheel", "develop", "install", "versioneer",
            "pbr",
        ].contains(name) || name.hasPrefix("options.")
    }

    /// What ends up in an environment where the project is installed.
    var metadata: CanonicalValue {
        var result: [String: CanonicalValue] = [:]
        for (name, entries) in sections where Self.isForBuilds(name) {
            let kept = entries.filter { name != "metadata" || !Self.prose.contains($0.key) }
            if !kept.isEmpty { result[name] = .table(kept.mapValues { .list($0.values.map { .text($0) }) }) }
        }
        return .table(result)
    }
}
