internal import EnvdCore
internal import EnvdPackaging
internal import EnvdSystem

/// Reads a requirements file and all that it includes.
///
/// The first problem is kept and the reading goes on, so that every included file is known and watched.
struct RequirementsReader {
    static let maximumFiles = 64
    static let maximumDepth = 16
    /// Requirements, includes and option lines of all files together.
    static let maximumLines = 50_000
    /// Bytes of a line with all that continues it: a thousand hashes take a third of it.
    static let maximumLength = 256 << 10
    /// Bytes of one file.
    static let maximumSize = 4 << 20

    var context: ReadingContext
    private(set) var items: [RequirementsItem] = []
    private(set) var constraintItems: [RequirementsItem] = []
    /// Lock files of files that are read as well, with what they were made of: taken for that where they are
    /// included, so that a stale one holds nothing.
    var locks: [Path: Path] = [:]
    private(set) var options: [String] = []
    /// What local directories and archives hold, by the path as written.
    private(set) var sources: [String: CanonicalValue] = [:]
    private(set) var problem: Diagnostic?

    /// The lines in the one way that specs know, in their order.
    var requirements: [String] { items.map(\.normalised) }
    var constraints: [String] { constraintItems.map(\.normalised) }

    private struct Visit: Hashable {
        var path: Path
        var isConstraint: Bool
    }
    private var visited: Set<Visit> = []
    private var chain: [Path] = []
    private var lines = 0

    init(context: ReadingContext) { self.context = context }

    /// The files that were taken in other than as constraints.
    var includedAsRequirements: [Path] { visited.filter { !$0.isConstraint }.map(\.path) }

    /// The project's own file.
    mutating func read(_ file: Path) {
        include(context.root.appending(file), shown: file.description, isConstraint: false, from: nil)
    }

    /// Lines that stand in a file of another format; what they include is looked for beside it.
    ///
    /// - Parameter file: absolute.
    mutating func read(_ lines: [RequirementsLine], of file: Path) {
        chain.append(context.files.simplified(file))
        for line in lines { read(line, of: file, isConstraint: false) }
        chain.removeLast()
    }

    private mutating func fail(_ diagnostic: Diagnostic) {
        if problem == nil { problem = diagnostic }
    }

    private mutating func fail(_ cause: String, at location: Diagnostic.Location) {
        fail(Diagnostic("could not read `\(shown(location.file))`: \(cause)", at: location, hint: TOMLDocument.hint))
    }

    private func shown(_ file: Path) -> String { (file.relative(to: context.root) ?? file).description }

    private mutating func include(_ path: Path, shown: String, isConstraint: Bool, from origin: Diagnostic.Location?) {
        let path = context.files.simplified(path)
        let place = origin ?? .init(file: path)
        if chain.contains(path) { return fail("it includes itself through `\(shown)`", at: place) }
        if visited.contains(Visit(path: path, isConstraint: isConstraint)) { return }
        guard chain.count < Self.maximumDepth else {
            return fail("files are included more than \(Self.maximumDepth) levels deep", at: place)
        }
        guard visited.count < Self.maximumFiles else {
            return fail("more than \(Self.maximumFiles) files are included", at: place)
        }
        visited.insert(Visit(path: path, isConstraint: isConstraint))
        let bytes: [UInt8]
        do throws(SystemError) {
            bytes = try context.files.read(path)
        } catch {
            return fail(ReadingContext.unreadable(shown, error, at: place))
        }
        context.follow(path)
        guard bytes.count <= Self.maximumSize else { return fail("it is larger than 4 MiB", at: .init(file: path)) }
        let text: String
        do throws(GrammarError) {
            text = try RequirementsEncoding.text(bytes)
        } catch {
            let line = UTF8Text.line(of: min(error.offset ?? 0, bytes.count), in: bytes)
            return fail(error.cause, at: .init(file: path, line: line))
        }
        if let nul = text.utf8.firstIndex(of: 0) {
            let line = text.utf8[..<nul].count { $0 == UInt8(ascii: "\n") } + 1
            return fail("there is a NUL byte in it", at: .init(file: path, line: line))
        }
        chain.append(path)
        for line in RequirementsLine.all(in: text, limit: Self.maximumLines + 1) {
            lines += 1
            guard lines <= Self.maximumLines else {
                fail("there are more than \(Self.maximumLines) lines", at: .init(file: path, line: line.number))
                break
            }
            guard line.text.utf8.count <= Self.maximumLength else {
                fail("the line is longer than 256 KiB", at: .init(file: path, line: line.number))
                continue
            }
            read(line, of: path, isConstraint: isConstraint)
        }
        chain.removeLast()
    }

    private mutating func read(_ line: RequirementsLine, of file: Path, isConstraint: Bool) {
        func location(_ offset: Int?) -> Diagnostic.Location {
            let place = line.place(of: offset ?? 0)
            return .init(file: file, line: place.line, column: place.column)
        }
        context.wantedVariables.formUnion(line.variables)
        let entry: RequirementsEntry
        do throws(GrammarError) {
            let parsed = try RequirementsEntry.parse(line)
            entry = parsed.entry
            options += parsed.options.map { fromRoot($0, file: file) }
        } catch {
            return fail(error.cause, at: location(error.offset))
        }
        switch entry {
        case .nothing: break
        case .item(let item):
            if isConstraint { constraintItems.append(item) } else { items.append(item) }
            if let address = item.address, line.variables.isEmpty { look(at: address) }
        case .include(let path, let isOfConstraints, let offset):
            include(
                path, isConstraint: isConstraint || isOfConstraints, isOfConstraints, line, location(offset))
        }
    }

    private mutating func include(
        _ value: String, isConstraint: Bool, _ isOfConstraints: Bool, _ line: RequirementsLine,
        _ location: Diagnostic.Location
    ) {
        let option: RequirementsOption = isOfConstraints ? .constraint : .requirement
        if !line.variables.isEmpty {
            options.append("\(option.rawValue) \(value)")
            context.passOver(location.file.parent.appending(value), "its path holds a variable, so it is not watched")
        } else if let local = LocalAddress.path(value) {
            var path = context.files.simplified(location.file.parent.appending(local))
            if let source = locks[path] {
                _ = context.files.readIfPresent(path)
                if option == .constraint || isConstraint { return }
                path = source
            }
            include(path, shown: value, isConstraint: isConstraint, from: location)
        } else {
            // Nothing is fetched here: the engine does, and only for an allowed project.
            options.append("\(option.rawValue) \(value)")
        }
    }

    /// pip takes a directory with links from that of the file which names it, where it is there; engines are told
    /// of all options in one file at the root.
    private func fromRoot(_ option: String, file: Path) -> String {
        let name = RequirementsOption.findLinks.rawValue + " "
        guard option.hasPrefix(name), file.parent != context.root else { return option }
        let value = String(option.dropFirst(name.count))
        guard LocalAddress.scheme(value) == nil, !value.hasPrefix("/"), !value.contains("${") else { return option }
        let path = context.files.simplified(file.parent.appending(value))
        guard FileSystem.exists(path) else { return option }
        return name + (path.relative(to: context.root) ?? path).description
    }

    private mutating func look(at address: String) {
        // pip and uv take such paths from the directory where they run: the project's root.
        if let path = LocalAddress.path(address), sources[address] == nil {
            sources[address] = PathDependency.content(of: path, context: &context)
        }
    }
}

extension RequirementsReader {
    /// The options in the one way that specs know: those whose order counts in that order, the others sorted.
    ///
    /// Of indexes, links and far includes the order counts, and so it does among the options that choose formats
    /// and among those that choose releases.
    var normalisedOptions: [String] {
        let ordered: [[RequirementsOption]] = [
            [.requirement, .constraint, .indexURL, .extraIndexURL, .findLinks, .noIndex], [.noBinary, .onlyBinary],
            [.allReleases, .onlyFinal],
        ]
        func isOne(of family: [RequirementsOption], _ option: String) -> Bool {
            family.contains { option == $0.rawValue || option.hasPrefix($0.rawValue + " ") }
        }
        let all = options
        let kept = ordered.flatMap { family in all.filter { isOne(of: family, $0) } }
        return kept + all.filter { option in !ordered.contains { isOne(of: $0, option) } }.sortedAndUnique()
    }
}
