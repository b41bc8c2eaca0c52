/// Something that a person has to know about a project, with the place and the way out.
package struct Diagnostic: Error, Hashable, Sendable, Codable, CustomStringConvertible {
    /// A place in a file, for editors to jump to.
    package struct Location: Hashable, Sendable, Codable {
        package var file: Path
        /// From 1; nil where the whole file is meant.
        package var line: Int?
        /// In characters, from 1; nil where the whole line is meant.
        package var column: Int?

        package init(file: Path, line: Int? = nil, column: Int? = nil) {
            self.file = file
            self.line = line
            self.column = column
        }
    }

    /// "could not <verb> `<object>`: <cause>", lower case, no full stop.
    package var message: String
    package var location: Location?
    /// What to do about it, lower case, no full stop.
    package var hint: String?
    /// What the user has to allow before it can go on; nil where it is no question of that.
    package var asks: [NamedSource]?
    /// Whether it was the network, so that it may go well another time without any change; nil: it was not.
    package var needsNetwork: Bool?

    package init(_ message: String, at location: Location? = nil, hint: String? = nil, asks: [NamedSource]? = nil) {
        self.message = message
        self.location = location
        self.hint = hint
        self.asks = asks
    }

    /// `file:line:column: message`, and the hint on a line of its own.
    package var description: String {
        var text = ""
        if let location {
            text += location.file.description
            if let line = location.line { text += ":\(line)" }
            if location.line != nil, let column = location.column { text += ":\(column)" }
            text += ": "
        }
        text += message
        if let hint { text += "\nhint: \(hint)" }
        return text
    }
}
