internal import EnvdCore
internal import EnvdPackaging
internal import Yams

/// One YAML file, composed and never loaded: nothing is converted, no tag makes an object.
struct YAMLDocument {
    let file: Path
    /// As messages call it.
    let name: String
    /// Nothing for an empty file.
    let root: YAMLValue
    /// Without a byte order mark.
    let bytes: [UInt8]

    /// Values in all, each alias counted as what it stands for.
    private static let maximumValues = 1_000_000

    /// - Throws: where and why the bytes are no YAML that envd reads.
    init(_ bytes: [UInt8], file: Path, name: String) throws(Diagnostic) {
        self.file = file
        self.name = name
        func problem(_ line: Int?, _ column: Int? = nil, _ cause: String) -> Diagnostic {
            Self.problem(name, cause, at: .init(file: file, line: line, column: column))
        }
        let bytes = UTF8Text.withoutByteOrderMark(bytes)
        self.bytes = bytes
        if let line = UTF8Text.firstInvalidLine(bytes) { throw problem(line, nil, "it is not UTF-8") }
        if let nul = bytes.firstIndex(of: 0) {
            throw problem(UTF8Text.line(of: nul, in: bytes), nil, "there is a NUL byte in it")
        }
        do throws(YAMLBounds.Refusal) {
            try YAMLBounds.check(bytes)
        } catch {
            throw problem(error.line, nil, error.cause)
        }
        let text = String(decoding: bytes, as: UTF8.self)
        let node: Node?
        do {
            node = try Yams.compose(yaml: text, .basic, .default, .utf8)
        } catch let error as YamlError {
            let mistake = Mistake(error, bytes)
            throw problem(mistake.line, mistake.column, mistake.cause)
        } catch {
            throw problem(nil, nil, "it is no YAML")
        }
        var walk = Walk(remaining: Self.maximumValues)
        do throws(Mistake) {
            root =
                try node.map { node throws(Mistake) in try walk.value(node) }
                ?? YAMLValue(content: .text("", isPlain: true), place: .init(line: 1, column: 1))
        } catch {
            throw problem(error.line, error.column, error.cause)
        }
    }

    /// What is wrong at a place of the file.
    func problem(_ cause: String, at place: YAMLValue.Place?) -> Diagnostic {
        Self.problem(name, cause, at: .init(file: file, line: place?.line, column: place?.column))
    }

    private static func problem(_ name: String, _ cause: String, at location: Diagnostic.Location) -> Diagnostic {
        Diagnostic("could not read `\(name)`: \(cause)", at: location, hint: TOMLDocument.hint)
    }

    private struct Mistake: Error {
        var cause: String
        var line: Int?
        var column: Int?

        init(_ cause: String, at place: YAMLValue.Place?) {
            (self.cause, line, column) = (cause, place?.line, place?.column)
        }

        init(_ error: YamlError, _ bytes: [UInt8]) {
            switch error {
            case .reader(let problem, let offset, _, _):
                cause = problem
                line = UTF8Text.line(of: min(max(offset ?? 0, 0), bytes.count), in: bytes)
            case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
                .composer(_, let problem, let mark, _):
                (cause, line, column) = (Self.words(problem), mark.line, mark.column)
            case .duplicatedKeysInMapping(let duplicates, let context):
                cause = "the key `\((duplicates.first ?? "").shortened)` is there more than once"
                (line, column) = (context.mark.line, context.mark.column)
            default: cause = "it is no YAML"
            }
        }

        private static func words(_ problem: String) -> String {
            switch problem {
            case "found character that cannot start any token": "a value cannot begin with this character or a tab"
            case "but found another document": "there is a second document (`---`)"
            case "found undefined alias": "no anchor of this name comes before it"
            default: problem
            }
        }
    }

    /// Nodes → values, with a budget.
    private struct Walk {
        var remaining: Int
        private static let knownTags: Set<String> = [
            "", "!", "tag:yaml.org,2002:str", "tag:yaml.org,2002:int", "tag:yaml.org,2002:float",
            "tag:yaml.org,2002:bool", "tag:yaml.org,2002:null", "tag:yaml.org,2002:seq", "tag:yaml.org,2002:map",
        ]

        mutating func value(_ node: Node, depth: Int = 0) throws(Mistake) -> YAMLValue {
            let mark = node.mark
            let place = YAMLValue.Place(line: mark?.line ?? 1, column: mark?.column ?? 1)
            remaining -= 1
            guard remaining > 0, depth <= YAMLBounds.maximumDepth * 2 else {
                throw Mistake("it holds too many values", at: place)
            }
            switch node {
            case .scalar(let scalar):
                try check(scalar.tag, at: place)
                return YAMLValue(content: .text(scalar.string, isPlain: scalar.style == .plain), place: place)
            case .sequence(let sequence):
                try check(sequence.tag, at: place)
                var values: [YAMLValue] = []
                for element in sequence { values.append(try value(element, depth: depth + 1)) }
                return YAMLValue(content: .list(values), place: place)
            case .mapping(let mapping):
                try check(mapping.tag, at: place)
                return YAMLValue(content: .table(try entries(mapping, depth)), place: place)
            case .alias: throw Mistake("aliases are not supported here", at: place)
            }
        }

        private mutating func entries(
            _ mapping: Node.Mapping, _ depth: Int
        ) throws(Mistake) -> [(key: String, keyPlace: YAMLValue.Place, value: YAMLValue)] {
            var own: [(key: String, keyPlace: YAMLValue.Place, value: YAMLValue)] = []
            var merged: [(key: String, keyPlace: YAMLValue.Place, value: YAMLValue)] = []
            var known: Set<String> = []
            for (keyNode, valueNode) in mapping {
                let key = try value(keyNode, depth: depth + 1)
                guard case .text(let name, let isPlain) = key.content else {
                    throw Mistake("a key has to be a text", at: key.place)
                }
                let content = try value(valueNode, depth: depth + 1)
                if name == "<<", isPlain {
                    merged += try Self.tables(content)
                } else if known.insert(name).inserted {
                    own.append((name, key.place, content))
                } else {
                    throw Mistake("the key `\(name.shortened)` is there more than once", at: key.place)
                }
            }
            for entry in merged where known.insert(entry.key).inserted { own.append(entry) }
            return own
        }

        /// What `<<` takes in: a table, or a list of such.
        private static func tables(
            _ value: YAMLValue
        ) throws(Mistake) -> [(key: String, keyPlace: YAMLValue.Place, value: YAMLValue)] {
            switch value.content {
            case .table(let entries): return entries
            case .list(let values):
                var all: [(key: String, keyPlace: YAMLValue.Place, value: YAMLValue)] = []
                for value in values {
                    guard case .table(let entries) = value.content else {
                        throw Mistake("`<<` takes in tables alone", at: value.place)
                    }
                    all += entries
                }
                return all
            case .text: throw Mistake("`<<` takes in tables alone", at: value.place)
            }
        }

        private func check(_ tag: Tag, at place: YAMLValue.Place) throws(Mistake) {
            let name = tag.description
            guard Self.knownTags.contains(name) else {
                throw Mistake("the tag `\(name.shortened)` is not supported", at: place)
            }
        }
    }
}
