internal import EnvdCore
internal import EnvdPackaging
internal import EnvdSystem

/// What of a project's files decides whose code runs: found by our own parsing alone, after the spec was read.
struct CodeSourceCollector {
    var context: ReadingContext
    private var sources: [CodeSource: Diagnostic.Location?] = [:]
    private var excess: [CodeSource] = []

    /// Further ones are told as one.
    private static let maximumCount = 1_000
    /// Bytes of what people are shown of one.
    private static let maximumLength = 300

    private init(_ context: ReadingContext) { self.context = context }

    /// All code sources of a project whose files could be read, in their order.
    ///
    /// - Parameter context: gets what was looked at for it.
    static func sources(of spec: Spec, _ context: inout ReadingContext) -> [NamedSource] {
        var collector = CodeSourceCollector(context)
        for named in context.namedSources { collector.add(named.source, at: named.location) }
        for text in context.lockedRequirements { collector.addRequirement(text) }
        collector.add(spec.python)
        if let conda = spec.conda { collector.add(conda) }
        collector.addPyproject()
        collector.addLocks(of: spec)
        for member in context.workspace {
            collector.add(.workspaceMember, collector.shown(member), near: nil)
            collector.addBuild(of: member, in: collector.content(of: member))
        }
        collector.addOutsideFiles()
        context = collector.context
        var all = collector.sources.map { NamedSource($0.key, at: $0.value) }
        if !collector.excess.isEmpty {
            var encoding = CanonicalEncoding()
            for source in Set(collector.excess).sorted() { encoding.append([source.kind.rawValue, source.text]) }
            let text = "more than \(maximumCount) sources"
            all.append(NamedSource(CodeSource(.setting, text, content: Fingerprint(of: encoding))))
        }
        return all.sorted { $0.source < $1.source }
    }

    // MARK: Putting down

    /// - Parameters:
    ///   - content: of what the text does not tell.
    ///   - near: what stands in the line that names it.
    mutating func add(_ kind: CodeSource.Kind, _ text: String, content: CanonicalValue? = nil, near: String?) {
        let fingerprint = content.map { value in
            var encoding = CanonicalEncoding()
            encoding.append(value)
            return Fingerprint(of: encoding)
        }
        var source = CodeSource(kind, text, content: fingerprint)
        if text.utf8.count > Self.maximumLength {
            source.content = Fingerprint(of: Array((text + (fingerprint?.hex ?? "")).utf8))
            source.text = String(text.prefix(Self.maximumLength)) + "…"
        }
        if sources[source] != nil { return }
        add(source, at: near.flatMap { line(with: $0) })
    }

    mutating func add(_ source: CodeSource, at location: Diagnostic.Location?) {
        guard sources.count < Self.maximumCount || sources[source] != nil else { return excess.append(source) }
        if sources[source] == nil { sources[source] = .some(location) }
    }

    /// The first line of a file that the spec comes from with a text in it.
    private func line(with text: String) -> Diagnostic.Location? {
        let wanted = Array(text.utf8)
        guard !wanted.isEmpty else { return nil }
        var context = context
        for file in context.followed where file.name.bytes.suffix(5) != Array(".lock".utf8)[...] {
            guard let bytes = context.files.readIfPresent(file), bytes.count < 256 << 10 else { continue }
            let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            if let index = lines.firstIndex(where: { $0.contains(wanted) }) {
                return .init(file: file, line: index + 1)
            }
        }
        return nil
    }

    // MARK: Paths

    /// Absolute: what a path that a file of the project names means.
    func place(_ path: Path, from base: Path? = nil) -> Path {
        (base ?? context.root).appending(path).withoutDots
    }

    /// A place as people are shown it: within the project as seen from its root.
    func shown(_ place: Path) -> String { (place.relative(to: context.root) ?? place).description }

    /// What makes a directory a package; each file that it might have becomes an input.
    mutating func content(of directory: Path) -> CanonicalValue {
        PathDependency.content(of: directory, context: &context)
    }

    // MARK: Files

    /// Files that count and that the project holds only a name or a link of.
    private mutating func addOutsideFiles() {
        let root = (try? FileSystem.canonical(context.root)) ?? context.root
        let whole = context.workspace.first { root.isWithin($0) }
        for file in context.followed {
            let real = (try? FileSystem.canonical(file)) ?? file
            if real.isWithin(root) || whole.map({ real.isWithin($0) }) == true { continue }
            let name = file.relative(to: context.root)
            let text = name.map { "\($0), which is `\(real)`" } ?? "\(real)"
            add(CodeSource(.outsideFile, text), at: .init(file: file))
        }
    }
}
