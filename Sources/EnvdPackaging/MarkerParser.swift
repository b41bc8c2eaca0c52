/// Reads markers as PyPI's `packaging` does: a variable or text, a comparison, a variable or text.
enum MarkerParser {
    private static let maximumDepth = 100
    private static let maximumConditions = 1_000

    // Longer names first where one begins another.
    private static let variables = [
        "python_version", "python_full_version", "os_name", "sys_platform", "platform_release", "platform_system",
        "platform_version", "platform_machine", "platform_python_implementation", "implementation_name",
        "implementation_version", "extras", "extra", "dependency_groups",
    ]
    /// Spellings from before PEP 508 that tools still take.
    private static let oldVariables = [
        "os.name": "os_name", "sys.platform": "sys_platform", "platform.version": "platform_version",
        "platform.machine": "platform_machine", "python_implementation": "platform_python_implementation",
        "platform.python_implementation": "platform_python_implementation",
    ]

    /// By a stack of its own, not by recursion: parentheses may be nested as deep as the text is long.
    static func alternatives(_ cursor: inout Cursor) throws(GrammarError) -> Marker.Alternatives {
        var open: [(alternatives: Marker.Alternatives, start: Int)] = []
        var current: Marker.Alternatives = [[]]
        var count = 0
        cursor.skipBlanks()
        if cursor.isAtEnd { throw GrammarError("the marker after `;` is missing", at: cursor.position) }
        while true {
            cursor.skipBlanks()
            if cursor.next == UInt8(ascii: "(") {
                guard open.count < maximumDepth else {
                    throw GrammarError(
                        "its marker is too long: more than \(maximumDepth) parentheses in each other",
                        at: cursor.position)
                }
                open.append((current, cursor.position))
                current = [[]]
                cursor.position += 1
                continue
            }
            count += 1
            guard count <= maximumConditions else {
                throw GrammarError(
                    "its marker is too long: more than \(maximumConditions) conditions", at: cursor.position)
            }
            current[current.count - 1].append(.condition(try condition(&cursor)))
            cursor.skipBlanks()
            while cursor.next == UInt8(ascii: ")"), let (outer, _) = open.popLast() {
                cursor.position += 1
                cursor.skipBlanks()
                let inner = current
                current = outer
                current[current.count - 1].append(term(inner))
            }
            if word("and", &cursor) { continue }
            if word("or", &cursor) {
                current.append([])
                continue
            }
            if let start = open.last?.start {
                throw GrammarError("a parenthesis in its marker is not closed", at: start)
            }
            if current.count == 1, current[0].count == 1, case .group(let inner) = current[0][0] { return inner }
            return current
        }
    }

    /// Parentheses around a single term say nothing.
    private static func term(_ alternatives: Marker.Alternatives) -> Marker.Term {
        if alternatives.count == 1, alternatives[0].count == 1 { return alternatives[0][0] }
        return .group(alternatives)
    }

    static func unexpected(_ cursor: Cursor) -> GrammarError {
        GrammarError("`\(cursor.rest.shortened)` is nothing that may follow in a marker", at: cursor.position)
    }

    private static func condition(_ cursor: inout Cursor) throws(GrammarError) -> Marker.Condition {
        var left = try operand(&cursor)
        cursor.skipBlanks()
        let comparison = try comparison(&cursor)
        cursor.skipBlanks()
        var right = try operand(&cursor)
        // PEP 685: names of extras and groups compare in their normal form.
        switch (left, right) {
        case (.variable("extra"), .literal(let name)): right = .literal(PackageName.canonical(name))
        case (.literal(let name), .variable("extra")), (.literal(let name), .variable("extras")),
            (.literal(let name), .variable("dependency_groups")):
            left = .literal(PackageName.canonical(name))
        default: break
        }
        return Marker.Condition(left: left, comparison: comparison, right: right)
    }

    private static func comparison(_ cursor: inout Cursor) throws(GrammarError) -> String {
        let start = cursor.position
        if word("in", &cursor) { return "in" }
        if word("not", &cursor) {
            let blanks = cursor.position
            cursor.skipBlanks()
            guard cursor.position > blanks, word("in", &cursor) else {
                throw GrammarError("`not` in a marker has to be followed by `in`", at: start)
            }
            return "not in"
        }
        for comparison in VersionSpecifier.Comparison.allCases where cursor.isNext(comparison.rawValue) {
            cursor.position += comparison.rawValue.utf8.count
            return comparison.rawValue
        }
        if cursor.isAtEnd { throw GrammarError("its marker is not complete", at: start) }
        throw GrammarError(
            "`\(cursor.rest.shortened)` is no operator of markers: `==`, `!=`, `<=`, `>=`, `<`, `>`, `~=`, `===`, `in` "
                + "and `not in` are", at: start)
    }

    private static func operand(_ cursor: inout Cursor) throws(GrammarError) -> Marker.Operand {
        let start = cursor.position
        if let quote = cursor.next, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
            cursor.position += 1
            let text = cursor.take { $0 != quote }
            guard cursor.next == quote else { throw GrammarError("a quote in its marker is not closed", at: start) }
            cursor.position += 1
            guard let value = PythonLiteral.value(text) else {
                throw GrammarError("a backslash in its marker is followed by nothing that Python knows", at: start)
            }
            return .literal(value)
        }
        for name in variables where word(name, &cursor) { return .variable(name) }
        for (old, name) in oldVariables where word(old, &cursor) { return .variable(name) }
        if cursor.isAtEnd { throw GrammarError("its marker is not complete", at: start) }
        let text = cursor.take(while: PackageName.isNameByte)
        let shown = text.isEmpty ? cursor.rest : String(decoding: text, as: UTF8.self)
        throw GrammarError("`\(shown.shortened)` is nothing that a marker can ask for", at: start)
    }

    /// Steps over a word that neither begins nor ends within another.
    private static func word(_ text: String, _ cursor: inout Cursor) -> Bool {
        guard cursor.isNext(text), cursor.isAtWordEdge else { return false }
        var behind = cursor
        behind.position += text.utf8.count
        guard behind.isAtWordEdge else { return false }
        cursor = behind
        return true
    }
}
