internal import EnvdCore
internal import EnvdSystem

/// Reads a requirements file and all that it includes.
///
/// The first problem is kept and the reading goes on, so that every included file is known and watched.
struct RequirementsReader {
    static let maximumFiles = 64
    static let maximumDepth = 16

    var context: ReadingContext
    /// Lock files of files that are read as well, with what they were made of: taken for that where they are
    /// included, so that a stale one holds nothing.
    var locks: [Path: Path] = [:]
    private(set) var requirements: [String] = []
    private(set) var constraints: [String] = []
    private(set) var options: [String] = []
    /// What local directories and archives hold, by the path as written.
    private(set) var sources: [String: CanonicalValue] = [:]
    private(set) var problem: Diagnostic?

    private struct Visit: Hashable {
        var path: Path
        var isConstraint: Bool
    }
    private var visited: Set<Visit> = []
    private var chain: [Path] = []

    init(context: ReadingContext) { self.context = context }

    /// The files that were taken in other than as constraints.
    var includedAsRequirements: [Path] { visited.filter { !$0.isConstraint }.map(\.path) }

    /// The project's own file.
    mutating func read(_ file: Path) {
        include(context.root.appending(file), shown: file.description, isConstraint: false, from: nil)
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
            bytes = UTF8Text.withoutByteOrderMark(try context.files.read(path))
        } catch {
            return fail(ReadingContext.unreadable(shown, error, at: place))
        }
        context.follow(path)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            return fail("it is not UTF-8", at: .init(file: path, line: UTF8Text.firstInvalidLine(bytes)))
        }
        if let nul = bytes.firstIndex(of: 0) {
            let line = UTF8Text.line(of: nul, in: bytes)
            return fail("there is a NUL byte in it", at: .init(file: path, line: line))
        }
        chain.append(path)
        for line in RequirementsLine.all(in: text) {
            let location = Diagnostic.Location(file: path, line: line.number)
            context.wantedVariables.formUnion(line.variables)
            do throws(GrammarError) {
                if line.text.utf8.first == UInt8(ascii: "-") {
                    try option(line, isConstraint: isConstraint, at: location)
                } else {
                    add(try requirement(line), isConstraint: isConstraint)
                }
            } catch {
                fail(error.cause, at: location)
            }
        }
        chain.removeLast()
    }

    private mutating func add(_ text: String, isConstraint: Bool) {
        if isConstraint { constraints.append(text) } else { requirements.append(text) }
    }

    // MARK: options

    private mutating func option(
        _ line: RequirementsLine, isConstraint: Bool, at location: Diagnostic.Location
    ) throws(GrammarError) {
        // By its raw text: the quotes of a marker belong to it.
        if let rest = RequirementsOption.editableRest(line.text) {
            let (head, tail) = RequirementsOption.splitTail(rest)
            let text = "-e " + (try address(head, variables: line.variables))
            add(
                ([text] + (try RequirementsOption.normalisedTail(tail))).joined(separator: " "),
                isConstraint: isConstraint)
            return
        }
        var words = try ShellWords.split(line.text)[...]
        while let word = words.popFirst() {
            let (name, attached) = RequirementsOption.split(word)
            guard let option = RequirementsOption(spelled: name) else {
                throw GrammarError("`\(name.shortened)` is no option of requirements files")
            }
            guard option.takesValue else {
                guard attached == nil else { throw GrammarError("`\(name)` takes no value") }
                options.append(option.rawValue)
                continue
            }
            guard let value = attached ?? words.popFirst(), !value.isEmpty else {
                throw GrammarError("`\(name)` needs a value")
            }
            switch option {
            case .requirement:
                includeOption(option, value, line, isConstraint: isConstraint, at: location)
            case .constraint: includeOption(option, value, line, isConstraint: true, at: location)
            case .editable: throw GrammarError("`\(name)` has to be alone on its line")
            default: options.append("\(option.rawValue) \(value)")
            }
        }
    }

    private mutating func includeOption(
        _ option: RequirementsOption, _ value: String, _ line: RequirementsLine, isConstraint: Bool,
        at location: Diagnostic.Location
    ) {
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

    // MARK: requirements

    private mutating func requirement(_ line: RequirementsLine) throws(GrammarError) -> String {
        let (head, tail) = RequirementsOption.splitTail(line.text)
        let text: String
        if LocalAddress.isAddress(head) {
            text = try address(head, variables: line.variables)
        } else {
            do throws(GrammarError) {
                let requirement = try Requirement(parsing: head)
                if let url = requirement.url { look(at: url) }
                text = requirement.normalised
            } catch {
                // With a variable in it only the engine can tell what it means.
                if line.variables.isEmpty { throw error }
                text = head.split(whereSeparator: { $0 == " " || $0 == "\t" }).joined(separator: " ")
            }
        }
        return ([text] + (try RequirementsOption.normalisedTail(tail))).joined(separator: " ")
    }

    /// A path or URL as written, with its marker.
    private mutating func address(_ text: String, variables: [String]) throws(GrammarError) -> String {
        var (address, marker) = Requirement.splitURL(text)
        if address.hasSuffix("]"), let open = address.lastIndex(of: "[") {
            let extras = try Requirement.extras(address[address.index(after: open)...].dropLast())
            address = address[..<open].trimmingBlanks() + "[\(extras.joined(separator: ","))]"
        }
        guard !text.trimmingBlanks().isEmpty else { throw GrammarError("there is no path or URL") }
        guard !address.isEmpty, !address.utf8.contains(where: { $0 == 0x20 || $0 == 0x09 }) else {
            throw GrammarError("`\(text.shortened)` is no path, URL or requirement")
        }
        if variables.isEmpty { look(at: address) }
        guard let marker else { return address }
        return "\(address) ; \(try Marker.normalised(marker))"
    }

    private mutating func look(at address: String) {
        // pip and uv take such paths from the directory where they run: the project's root.
        if let path = LocalAddress.path(address), sources[address] == nil {
            sources[address] = PathDependency.content(of: LocalAddress.withoutExtras(path), context: &context)
        }
    }
}
