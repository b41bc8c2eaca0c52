internal import EnvdCore
internal import EnvdPackaging

/// One environment.yml.
struct CondaEnvironmentReader {
    let document: YAMLDocument
    /// Relative to the root.
    let file: Path
    var context: ReadingContext
    var channels: CondaChannels
    /// Normalised texts by the name of their package.
    private(set) var specs: [CondaMatchSpec] = []
    /// As they stand in the file, for the selectors in comments; a carriage return at their ends is a blank.
    private let lines: [ArraySlice<UInt8>]
    private var pipLines: [RequirementsLine] = []
    private var hasPipSection = false

    static let maximumSpecs = 20_000
    private static let knownKeys: Set<String> = [
        "name", "channels", "dependencies", "variables", "prefix", "platforms", "category", "pip-repositories",
        "pip_repositories", "dependency_groups",
    ]

    init(document: YAMLDocument, file: Path, context: ReadingContext, settings: CondaSettings) {
        self.document = document
        lines = document.bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        self.file = file
        self.context = context
        channels = CondaChannels(settings: settings, base: context.root.appending(file).parent)
    }

    /// - Throws: the first thing that is wrong; what was looked at stays in `context`.
    mutating func manifest(_ table: EnvdTable?) throws(Diagnostic) -> CondaManifest {
        guard case .table(let entries) = document.root.content else {
            let cause =
                document.root.isNull ? "there is nothing in it" : "it has to be a table, not \(document.root.kind)"
            throw document.problem(cause, at: document.root.place)
        }
        for (key, place, _) in entries where !Self.knownKeys.contains(key) {
            if !entries.contains(where: { $0.key == "dependencies" }) {
                throw document.problem(
                    "`\(key.shortened)` is no key that conda knows, and there is no `dependencies`", at: place)
            }
            note("`\(key.shortened)` is no key that conda knows, and does not count", at: place)
        }
        var layer = CondaLayer(format: .environment, manifest: file)
        layer.channelPriority = channels.settings.channelPriority ?? .strict
        try readPlatforms()
        try readDependencies()
        layer.channels = try readChannels()
        for spec in specs where layer.channels.count <= CondaChannels.maximumCount {
            // conda asks the channels that specs name, too.
            if let channel = spec.channel, !layer.channels.contains(channel) { layer.channels.append(channel) }
        }
        guard layer.channels.count <= CondaChannels.maximumCount else {
            throw document.problem(
                "more than \(CondaChannels.maximumCount) channels are named", at: document.root.place)
        }
        layer.variables = try readVariables()
        if let place = entries.first(where: { $0.key == "prefix" })?.keyPlace {
            note("`prefix` does not count: envd chooses where environments lie", at: place)
        }
        layer.specs = specs.map(\.text).sortedAndUnique()
        layer.pins = try pins()
        var result = CondaManifest(layer: layer, pip: PythonLayer(format: .condaPip, manifest: file))
        if let name = document.root["name"], !name.isNull {
            guard let text = name.text, !text.isEmpty, !text.unicodeScalars.contains(where: { $0.value < 0x20 }) else {
                throw document.problem("`name` has to be a text", at: name.place)
            }
            result.name = text
        }
        try readPip(&result, table)
        context.channelSecrets.merge(channels.secrets) { $1 }
        return result
    }

    private mutating func note(_ message: String, at place: YAMLValue.Place) {
        context.note(message, at: .init(file: document.file, line: place.line, column: place.column))
    }

    // MARK: Channels

    private mutating func readChannels() throws(Diagnostic) -> [String] {
        var written: [(text: String, place: YAMLValue.Place)] = []
        if let value = document.root["channels"] {
            for element in try list(value, "channels") {
                guard let text = element.text else {
                    throw document.problem("a channel has to be a text, not \(element.kind)", at: element.place)
                }
                written.append((text, element.place))
            }
        }
        let isAlone = written.contains { $0.text == "nodefaults" }
        var result: [String] = []
        for (text, place) in written where text != "nodefaults" {
            result += try resolve(text, place)
        }
        // As `conda env create` does: the user's own follow, and without any of those `defaults`.
        if !isAlone {
            for text in channels.settings.channels ?? ["defaults"] where text != "nodefaults" {
                do throws(GrammarError) {
                    result += try channels.addresses(text)
                } catch {
                    throw Diagnostic(
                        "could not read the channels of `.condarc`: \(error.cause)", hint: TOMLDocument.hint)
                }
            }
        }
        var unique: [String] = []
        for channel in result where unique.count <= CondaChannels.maximumCount && !unique.contains(channel) {
            unique.append(channel)
        }
        guard !unique.isEmpty else {
            throw document.problem("it names no channel", at: document.root["channels"]?.place)
        }
        return unique
    }

    private mutating func resolve(_ text: String, _ place: YAMLValue.Place) throws(Diagnostic) -> [String] {
        want(text)
        let known = channels.secrets.count
        let result: [String]
        do throws(GrammarError) {
            result = try channels.addresses(text)
        } catch {
            throw document.problem(error.cause, at: place)
        }
        name(text, at: place)
        if channels.secrets.count > known {
            note("a channel holds credentials: they are passed on, and kept nowhere", at: place)
        }
        return result
    }

    /// A channel is trusted as the manifest names it: what a name means is the user's to say.
    private mutating func name(_ channel: String, at place: YAMLValue.Place) {
        let isPath = channel.hasPrefix("/") || channel.hasPrefix(".")
        let text = isPath ? channels.base.appending(Path(channel)).withoutDots.description : channel
        let source = CodeSource(.channel, CodeSourceCollector.withoutCredentials(text))
        context.namedSources.append(NamedSource(source, at: .init(file: document.file, line: place.line)))
    }

    private mutating func want(_ text: String) {
        context.wantedVariables.formUnion(RequirementsLine(number: 1, text: text, pieces: []).variables)
    }

    // MARK: Dependencies

    private func list(_ value: YAMLValue, _ key: String) throws(Diagnostic) -> [YAMLValue] {
        if value.isNull { return [] }
        guard case .list(let values) = value.content else {
            throw document.problem("`\(key)` has to be a list, not \(value.kind)", at: value.place)
        }
        return values
    }

    private mutating func readDependencies() throws(Diagnostic) {
        guard let value = document.root["dependencies"] else { return }
        for element in try list(value, "dependencies") {
            guard try isWanted(element) else { continue }
            switch element.content {
            case .text: try readSpec(element)
            case .table(let entries):
                for (key, place, value) in entries { try readSection(key, place, value) }
            case .list: throw document.problem("a dependency has to be a text, not a list", at: element.place)
            }
        }
    }

    private mutating func readSection(
        _ key: String, _ place: YAMLValue.Place, _ value: YAMLValue
    ) throws(Diagnostic) {
        if key == "pip" {
            hasPipSection = true
            for element in try list(value, "pip") where try isWanted(element) { try readRequirement(element) }
        } else if key.hasPrefix("sel("), key.hasSuffix(")") {
            let selector = String(key.dropFirst(4).dropLast())
            guard let holds = CondaPlatform.holds(selector) else {
                throw document.problem("`\(selector.shortened)` is no selector that mamba knows", at: place)
            }
            guard holds else { return }
            let elements = value.text == nil ? try list(value, key) : [value]
            for element in elements { try readSpec(element) }
        } else {
            throw document.problem("`\(key.shortened)` is no kind of dependencies: only `pip` is", at: place)
        }
    }

    private mutating func readSpec(_ value: YAMLValue) throws(Diagnostic) {
        guard let text = value.text else {
            throw document.problem("a dependency has to be a text, not \(value.kind)", at: value.place)
        }
        guard specs.count < Self.maximumSpecs else {
            throw document.problem("it names more than \(Self.maximumSpecs) packages", at: value.place)
        }
        want(text)
        do throws(GrammarError) {
            var spec = try CondaMatchSpec(parsing: text)
            if let channel = spec.channel {
                let addresses = try channels.addresses(channel)
                name(channel, at: value.place)
                if addresses.count > 1 {
                    note(
                        "`\(channel)` stands for several channels: `\(spec.name)` is taken from the first",
                        at: value.place)
                }
                spec.channel = addresses.first
            }
            if let url = spec.other["url"] {
                let address = try address(ofPackage: url)
                spec.other["url"] = address
                let source = CodeSource(.url, CodeSourceCollector.withoutFragment(address))
                context.namedSources.append(
                    NamedSource(source, at: .init(file: document.file, line: value.place.line)))
            }
            specs.append(spec)
        } catch {
            throw document.problem("`\(text.shortened)`: \(error.cause)", at: value.place(ofByte: error.offset ?? 0))
        }
    }

    /// A path as a `file:` URL; a URL without its credentials.
    private mutating func address(ofPackage text: String) throws(GrammarError) -> String {
        if text.contains("://") {
            let clean = CondaChannels.withoutCredentials(text)
            if clean != text { context.channelSecrets[clean] = text }
            return clean
        }
        if text.hasPrefix("~") { throw GrammarError("write it as a `file://` address", at: 0) }
        return "file://" + channels.base.appending(Path(text)).withoutDots.description
    }

    private func pins() throws(Diagnostic) -> [String] {
        var result: [String] = []
        for text in channels.settings.pinnedPackages {
            do throws(GrammarError) {
                result.append(try CondaMatchSpec(parsing: text).text)
            } catch {
                throw Diagnostic(
                    "could not read `pinned_packages` of `.condarc`: `\(text.shortened)`: \(error.cause)",
                    hint: TOMLDocument.hint)
            }
        }
        return result.sortedAndUnique()
    }

    // MARK: Selectors

    /// What the comment behind an element says (`# [linux]`), as conda-lock reads it; what it does not know is a comment.
    private func isWanted(_ value: YAMLValue) throws(Diagnostic) -> Bool {
        guard value.place.line <= lines.count, lines[value.place.line - 1].contains(UInt8(ascii: "#")),
            let match = String(decoding: lines[value.place.line - 1], as: UTF8.self).firstMatch(
                of: /\s#.*\[\s*(not\s+)?([A-Za-z0-9-]+)\s*\]\s*$/),
            let holds = CondaPlatform.holds(String(match.2))
        else { return true }
        return match.1 == nil ? holds : !holds
    }

    private mutating func readPlatforms() throws(Diagnostic) {
        guard let value = document.root["platforms"], !value.isNull else { return }
        let names = try list(value, "platforms").compactMap(\.text)
        if !names.isEmpty, !names.contains(CondaPlatform.current) {
            note("`platforms` does not name \(CondaPlatform.current), for which it is built here", at: value.place)
        }
    }

    private func readVariables() throws(Diagnostic) -> [String: String] {
        guard let value = document.root["variables"], !value.isNull else { return [:] }
        guard case .table(let entries) = value.content else {
            throw document.problem("`variables` has to be a table, not \(value.kind)", at: value.place)
        }
        var result: [String: String] = [:]
        for (name, place, value) in entries {
            let bytes = Array(name.utf8)
            let isName =
                bytes.first.map { !($0 >= 0x30 && $0 <= 0x39) } == true
                && bytes.allSatisfy { PackageName.isLetterOrDigit($0) || $0 == UInt8(ascii: "_") }
            guard isName else {
                throw document.problem("`\(name.shortened)` is no name of an environment variable", at: place)
            }
            guard case .text(let text, _) = value.content, !text.utf8.contains(0) else {
                throw document.problem("the value of `\(name)` has to be a text, not \(value.kind)", at: value.place)
            }
            result[name] = value.isNull ? "" : text
        }
        return result
    }

    // MARK: pip

    private mutating func readRequirement(_ value: YAMLValue) throws(Diagnostic) {
        guard let text = value.text else {
            throw document.problem("a line for pip has to be a text, not \(value.kind)", at: value.place)
        }
        guard pipLines.count < RequirementsReader.maximumLines, text.utf8.count <= RequirementsReader.maximumLength
        else {
            throw document.problem("there are too many lines for pip, or one is too long", at: value.place)
        }
        let start = value.place(ofByte: 0)
        for line in RequirementsLine.all(in: text) {
            // Of a block of several lines the start has to do.
            let pieces = line.pieces.map { piece in
                RequirementsLine.Piece(
                    offset: piece.offset, line: start.line, column: piece.column + start.column - 1)
            }
            pipLines.append(RequirementsLine(number: start.line, text: line.text, pieces: pieces))
        }
    }

    private mutating func readPip(_ result: inout CondaManifest, _ table: EnvdTable?) throws(Diagnostic) {
        result.pip.requiresPython = table?.requiresPython ?? []
        guard !pipLines.isEmpty else { return }
        var reader = RequirementsReader(context: context)
        reader.read(pipLines, of: context.root.appending(file))
        context = reader.context
        if let problem = reader.problem { throw problem }
        result.pip.requirements = reader.requirements.sortedAndUnique()
        result.pip.constraints = reader.constraints.sortedAndUnique()
        result.pip.options = reader.normalisedOptions
        result.included = Set(reader.includedAsRequirements)
        result.installsProject = reader.items.contains { item in
            item.localPath.map { context.files.simplified(context.root.appending($0)) } == context.root
        }
        context.settle(&result.pip, files: reader.sources)
    }
}

extension ReadingContext {
    /// uv's own settings, as far as they count for a `pip:` section.
    mutating func settle(_ layer: inout PythonLayer, files: [String: CanonicalValue]) {
        var settings = EngineSettings()
        settings.files = files
        if let document = try? document(PyprojectFormat.name) {
            settings.table = EngineSettings.relevant(document.value("tool", "uv"))
        }
        settings.readConfiguration(&self)
        layer.settings = settings.value
    }
}
