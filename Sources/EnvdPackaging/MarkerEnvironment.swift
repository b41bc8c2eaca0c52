/// What markers ask for, on one machine and for one interpreter.
package struct MarkerEnvironment: Hashable, Sendable {
    /// `python_version` and its like; what is not there is not known.
    package private(set) var texts: [String: String]
    /// `extras` and `dependency_groups`, normalised; `extra` where several are wanted at once.
    package private(set) var sets: [String: Set<String>]

    package init(_ texts: [String: String], sets: [String: Set<String>] = [:]) {
        self.texts = texts
        self.sets = sets.mapValues { Set($0.map { PackageName.canonical($0) }) }
        if let extra = texts["extra"] { self.texts["extra"] = PackageName.canonical(extra) }
        // Builds between releases say `3.13.0a1+`, which is no version.
        if let version = texts["python_full_version"], version.hasSuffix("+") {
            self.texts["python_full_version"] = version + "local"
        }
    }
}

/// Why nobody can say whether a marker holds.
package enum MarkerProblem: Error, Hashable {
    case unknownVariable(String)
    /// `~=` between texts that are no versions, and the like.
    case undefinedComparison(String)
}

extension Marker {
    /// Whether it holds, as PyPI's `packaging` sees it: every condition is looked at.
    ///
    /// - Throws: where one of its conditions cannot be judged.
    package func evaluate(in environment: MarkerEnvironment) throws(MarkerProblem) -> Bool {
        var problem: MarkerProblem?
        let truth = Self.truth(alternatives) { condition in
            do throws(MarkerProblem) {
                return try condition.evaluate(in: environment)
            } catch {
                if problem == nil { problem = error }
                return nil
            }
        }
        if let problem { throw problem }
        return truth == true
    }

    /// Whether it holds; nil where that hangs on something that is not known.
    package func judged(in environment: MarkerEnvironment) -> Bool? {
        Self.truth(alternatives) { try? $0.evaluate(in: environment) }
    }

    private static func truth(_ alternatives: Alternatives, _ judge: (Condition) -> Bool?) -> Bool? {
        let truths = alternatives.map { terms in
            let truths = terms.map { term in
                switch term {
                case .condition(let condition): judge(condition)
                case .group(let group): truth(group, judge)
                }
            }
            return truths.contains(false) ? false : truths.contains(nil) ? nil : true
        }
        return truths.contains(true) ? true : truths.contains(nil) ? nil : false
    }
}

extension MarkerEnvironment {
    /// Whether a marker holds; nil where it is none or asks for something that is not known here.
    package func holds(_ marker: String) -> Bool? { (try? Marker(parsing: marker))?.judged(in: self) }
}

extension Marker.Condition {
    private enum Value {
        case text(String)
        case set(Set<String>)
    }

    /// The variables whose values are versions; all others are texts.
    private static let versions: Set = [
        "implementation_version", "platform_release", "python_full_version", "python_version",
    ]

    func evaluate(in environment: MarkerEnvironment) throws(MarkerProblem) -> Bool {
        var mine: Value
        var its: Value
        let key: String
        switch (left, right) {
        case (.variable(let name), .literal(let text)), (.variable(let name), .variable(let text)):
            (key, mine, its) = (name, try Self.value(name, environment), .text(text))
        case (.literal(let text), .variable(let name)), (.literal(let text), .literal(let name)):
            (key, mine, its) = (name, .text(text), try Self.value(name, environment))
        }
        // Lock files of older tools: whether an extra is among several.
        switch (mine, its, comparison) {
        case (.set(let members), .text(let text), "=="), (.text(let text), .set(let members), "=="):
            if key == "extra" { return members.contains(PackageName.canonical(text)) }
        case (.set(let members), .text(let text), "!="), (.text(let text), .set(let members), "!="):
            if key == "extra" { return !members.contains(PackageName.canonical(text)) }
        default: break
        }
        guard case .text(var text) = mine else { throw .undefinedComparison(key) }
        switch its {
        case .set(let members):
            text = PackageName.canonical(text)
            switch comparison {
            case "in": return members.contains(text)
            case "not in": return !members.contains(text)
            case "!=": return true
            case "==", "<", ">", "<=", ">=": return false
            default: throw .undefinedComparison(key)
            }
        case .text(let other): return try compare(text, other, key)
        }
    }

    private func compare(_ left: String, _ right: String, _ key: String) throws(MarkerProblem) -> Bool {
        if comparison == "in" {
            return right.isEmpty ? left.isEmpty : left.isEmpty || right.firstRange(of: left) != nil
        }
        if comparison == "not in" {
            return right.isEmpty ? !left.isEmpty : !left.isEmpty && right.firstRange(of: left) == nil
        }
        if Self.versions.contains(key), let specifier = try? VersionSpecifier(parsing: comparison + right) {
            return specifier.holds(left, PythonVersion(left))
        }
        switch comparison {
        case "==", "<=", ">=": return left == right
        case "!=": return left != right
        case "<", ">": return false
        default: throw .undefinedComparison(key)
        }
    }

    private static func value(_ name: String, _ environment: MarkerEnvironment) throws(MarkerProblem) -> Value {
        if let text = environment.texts[name] { return .text(text) }
        if let set = environment.sets[name] { return .set(set) }
        throw .unknownVariable(name)
    }
}
