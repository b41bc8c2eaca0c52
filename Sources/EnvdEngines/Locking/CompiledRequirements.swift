internal import EnvdCore
internal import EnvdPackaging
internal import EnvdSystem

/// The requirements files that are compiled of a `.in`: each is made again as it was made.
struct CompiledRequirements {
    let build: UvBuild
    /// Indexes and links that the project's user allowed, without credentials and slashes at their ends; nil: any.
    var allowed: Set<String>?
    private var root: Path { build.root }

    /// The files of a layer that others are compiled from, relative to its root.
    static func sources(of layer: PythonLayer) -> [Path] {
        ([layer.manifest] + layer.companions.map(\.manifest)).filter { $0.description.hasSuffix(".in") }
    }

    func update(_ upgrade: LockUpgrade) async throws(Diagnostic) -> LockUpdate {
        let order = try order()
        let snapshot = try LockSnapshot(
            order.map { root.appending(Self.output(of: $0)) }, in: root, of: build.context.snapshot)
        return try await snapshot.keeping { () async throws(Diagnostic) in
            for source in order { try await compile(source, upgrade, snapshot) }
            return try snapshot.update(root: root, tool: "uv \(build.engine.version)")
        }
    }

    private static func output(of source: Path) -> Path { Path(String(source.description.dropLast(3)) + ".txt") }

    // MARK: The order

    /// The files of the layer, each after those whose compiled file it names.
    private func order() throws(Diagnostic) -> [Path] {
        var done: [Path] = []
        var seen: Set<Path> = []
        func visit(_ source: Path) throws(Diagnostic) {
            guard seen.insert(source).inserted else { return }
            for name in try named(in: source) {
                let file = root.appending(source).parent.appending(Path(name)).withoutDots
                guard let inside = file.relative(to: root) else { continue }
                let text = inside.description
                if text.hasSuffix(".txt") {
                    let origin = Path(String(text.dropLast(4)) + ".in")
                    if FileSystem.exists(root.appending(origin)) { try visit(origin) }
                } else if text.hasSuffix(".in"), FileSystem.exists(root.appending(Self.output(of: inside))) {
                    // It has a lock file of its own, that others install from.
                    try visit(inside)
                }
            }
            done.append(source)
        }
        for source in Self.sources(of: build.layer) { try visit(source) }
        return done
    }

    /// The files that one includes or is held by.
    private func named(in source: Path) throws(Diagnostic) -> [String] {
        let file = root.appending(source)
        let content = try telling { () throws(SystemError) in try FileSystem.read(file) }
        return String(decoding: content, as: UTF8.self).split(whereSeparator: \.isNewline).compactMap { line in
            let text = line.trimmed
            for option in ["--requirement", "--constraint", "-r", "-c"] where text.hasPrefix(option) {
                let value = text.dropFirst(option.count).drop { $0 == "=" || $0.isWhitespace }
                return String((value.firstRange(of: " #").map { value[..<$0.lowerBound] } ?? value).trimmed)
            }
            return nil
        }
    }

    // MARK: One file

    private func compile(_ source: Path, _ upgrade: LockUpgrade, _ snapshot: LockSnapshot) async throws(Diagnostic) {
        let output = Self.output(of: source)
        let target = root.appending(output)
        let old = snapshot.content(of: target).map { String(decoding: $0, as: UTF8.self) }
        let header = old.map { CompileHeader($0) } ?? CompileHeader()
        if let old, !Self.wasCompiled(old, header) {
            throw Diagnostic(
                "could not lock `\(output)`: nothing in it says that it was compiled of `\(source)`",
                at: .init(file: target),
                hint: "if nobody wrote it by hand, remove it and try again; else rename `\(source)`")
        }
        // uv takes the paths of its arguments, and those in what it reads, from where it works: as the one who typed
        // the command stood.
        var (directory, sources) = (root, [source.description])
        if header.sources.contains(source.description) {
            sources = header.sources
        } else if header.sources.contains(source.name.description) {
            (directory, sources) = (root.appending(source).parent, header.sources)
        }
        sources = sources.filter { FileSystem.exists(directory.appending(Path($0))) }
        if let unread = unread(
            header, sources.filter { directory.appending(Path($0)) != root.appending(source) }, directory)
        {
            throw Diagnostic(
                "could not lock `\(output)`: the command in its first comment names \(unread), which you did not allow",
                at: .init(file: target),
                hint: "say so in `\(source)`, where `envd allow` shows it, or type that command yourself")
        }
        let place = build.context.temporary.appending(Path("compiled")).appending(output)
        try telling { () throws(SystemError) in
            try FileSystem.remove(place)
            try FileSystem.makeDirectories(place.parent)
            // uv reads the pins of the file that it is to replace.
            if let old { try FileSystem.replace(place, with: Array(old.utf8)) }
        }
        var variables: [ByteString: ByteString] = [
            "UV_CUSTOM_COMPILE_COMMAND": ByteString(header.command ?? "uv pip compile \(source) -o \(output)")
        ]
        // What the user's shells say of indexes goes before what an old command said.
        let told: [ByteString] = ["UV_DEFAULT_INDEX", "UV_INDEX_URL", "UV_INDEX", "UV_EXTRA_INDEX_URL"]
        if told.allSatisfy({ build.context.userEnvironment[$0] == nil }) {
            variables.merge(header.indexes) { first, _ in first }
        }
        let result = try await build.choosing(
            ["pip", "compile"] + sources.map { ByteString($0) } + ["--python", build.interpreter.path.bytes]
                + header.options.map { ByteString($0) } + upgrade.options
                + ["--quiet", "--output-file", place.bytes],
            writable: build.layer.localDirectories(root), in: directory, with: variables)
        guard result.succeeded else {
            throw build.diagnostic(
                result, "lock", source.description, manifest: root.appending(source), in: directory)
        }
        let new = try telling { () throws(SystemError) in try FileSystem.read(place, limit: 64 << 20) }
        if let old, !header.isUv, Self.means(old, as: String(decoding: new, as: UTF8.self)) { return }
        try snapshot.write(new, to: target)
    }

    /// What a command names that was not read with the manifests: its user's word is about those alone.
    private func unread(_ header: CompileHeader, _ sources: [String], _ directory: Path) -> String? {
        func isRead(_ file: String) -> Bool {
            build.context.snapshot?.holds(directory.appending(Path(file)).withoutDots) ?? true
        }
        if let file = sources.first(where: { !isRead($0) }) { return "the file `\(file)`" }
        for named in header.values {
            switch named.option {
            case "--constraint", "--constraints", "--override", "--overrides", "--build-constraint",
                "--build-constraints":
                if !isRead(named.value) { return "the file `\(named.value)`" }
            case "--find-links": if !isAllowed(named.value) { return "the links `\(named.value)`" }
            case "--group": if named.value.contains(":") { return "the group `\(named.value)`" }
            default: break
            }
        }
        let indexes = header.indexes.values.flatMap { $0.description.split(separator: " ").map(String.init) }
        return indexes.first { !isAllowed($0) }.map { "the index `\(RequirementsText.withoutUser($0))`" }
    }

    /// Whether it is one of those that were allowed, PyPI itself, or one that the user's shells name.
    private func isAllowed(_ address: String) -> Bool {
        guard let allowed else { return true }
        func plain(_ address: String) -> String {
            var text = RequirementsText.withoutUser(address)[...]
            while text.hasSuffix("/") { text = text.dropLast() }
            return String(text)
        }
        let address = plain(address)
        if address == "https://pypi.org/simple" || allowed.contains(address) { return true }
        let told = build.context.userEnvironment.filter { name, _ in
            ["UV_DEFAULT_INDEX", "UV_INDEX_URL", "UV_INDEX", "UV_EXTRA_INDEX_URL", "UV_FIND_LINKS"].contains(name)
                || ["PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS"].contains(name)
        }
        return told.values.contains { $0.description.split(separator: " ").contains { plain(String($0)) == address } }
    }

    /// Whether a file is a tool's, by its header, its notes or its hashes; an empty one is nobody's.
    private static func wasCompiled(_ text: String, _ header: CompileHeader) -> Bool {
        if header.command != nil || ["# via", "--hash=", "autogenerated by"].contains(where: { text.contains($0) }) {
            return true
        }
        return text.allSatisfy { $0.isWhitespace }
    }

    /// Whether two files pin the same: pip-tools and uv differ in comments and blanks.
    static func means(_ one: String, as other: String) -> Bool {
        func lines(_ text: String) -> Set<RequirementsText.Line> {
            Set(
                RequirementsText(text).lines.map { line in
                    var line = line
                    line.hashes.sort()
                    line.marker = line.marker.map { $0.replacing("\"", with: "'") }
                    return line
                })
        }
        return lines(one) == lines(other)
    }
}
