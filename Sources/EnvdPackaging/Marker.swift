/// An environment marker (PEP 508), parsed: `python_version < "3.9" and extra == "x"`.
package struct Marker: Hashable, Sendable, CustomStringConvertible {
    /// What stands on one side of a comparison.
    package enum Operand: Hashable, Sendable {
        case variable(String)
        case literal(String)
    }

    package struct Condition: Hashable, Sendable {
        package var left: Operand
        /// One of the comparisons of versions, `in` or `not in`.
        package var comparison: String
        package var right: Operand
    }

    indirect enum Term: Hashable, Sendable {
        case condition(Condition)
        /// In parentheses.
        case group(Alternatives)
    }

    /// `or` between lists of `and`.
    typealias Alternatives = [[Term]]

    let alternatives: Alternatives

    /// - Throws: what is wrong with it, and where.
    package init(parsing text: some StringProtocol) throws(GrammarError) {
        var cursor = Cursor(text)
        self = try Marker(&cursor)
        guard cursor.isAtEnd else { throw MarkerParser.unexpected(cursor) }
    }

    init(_ cursor: inout Cursor) throws(GrammarError) { alternatives = try MarkerParser.alternatives(&cursor) }

    /// With single blanks, double quotes and no parentheses that say nothing.
    package var description: String { Self.text(alternatives) }

    /// The marker as `description` gives it.
    ///
    /// - Throws: what is wrong with it.
    package static func normalised(_ text: some StringProtocol) throws(GrammarError) -> String {
        try Marker(parsing: text).description
    }

    private static func text(_ alternatives: Alternatives) -> String {
        alternatives.map { terms in
            terms.map { term in
                switch term {
                case .condition(let condition):
                    "\(condition.left.text) \(condition.comparison) \(condition.right.text)"
                case .group(let group): "(\(text(group)))"
                }
            }.joined(separator: " and ")
        }.joined(separator: " or ")
    }
}

extension Marker.Operand {
    var text: String {
        switch self {
        case .variable(let name): name
        case .literal(let value): PythonLiteral.quoted(value)
        }
    }
}
