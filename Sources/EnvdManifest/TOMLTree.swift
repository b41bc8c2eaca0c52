internal import EnvdCore

/// The tables of a TOML document while it is being read, with the rules on who may add to which (TOML 1.0).
final class TOMLTree {
    enum Origin {
        /// A part of another table's header.
        case implied
        case header
        /// A part of a dotted key.
        case dotted
    }

    enum Entry {
        case value(CanonicalValue)
        case table(TOMLTree)
        case tables(Elements)
    }

    /// The tables of an array, shared and not copied for each one that is added.
    final class Elements {
        var tables: [TOMLTree] = []
    }

    private var origin: Origin
    private var entries: [String: Entry] = [:]

    init(_ origin: Origin) { self.origin = origin }

    /// What `[path]` opens; nil where it may not be opened.
    func open(_ path: [String]) -> TOMLTree? {
        guard let last = path.last, let parent = descend(path.dropLast()) else { return nil }
        switch parent.entries[last] {
        case nil:
            let table = TOMLTree(.header)
            parent.entries[last] = .table(table)
            return table
        case .table(let table) where table.origin == .implied:
            table.origin = .header
            return table
        default: return nil
        }
    }

    /// The new element that `[[path]]` opens; nil where it may not be opened.
    func openElement(_ path: [String]) -> TOMLTree? {
        guard let last = path.last, let parent = descend(path.dropLast()) else { return nil }
        let table = TOMLTree(.header)
        switch parent.entries[last] {
        case nil:
            let elements = Elements()
            elements.tables.append(table)
            parent.entries[last] = .tables(elements)
        case .tables(let elements): elements.tables.append(table)
        default: return nil
        }
        return table
    }

    /// Sets a dotted key; false where something stands in its way.
    func set(_ path: [String], _ value: CanonicalValue) -> Bool {
        guard let last = path.last else { return false }
        var table = self
        for key in path.dropLast() {
            switch table.entries[key] {
            case nil:
                let next = TOMLTree(.dotted)
                table.entries[key] = .table(next)
                table = next
            case .table(let next) where next.origin == .dotted: table = next
            default: return false
            }
        }
        guard table.entries[last] == nil else { return false }
        table.entries[last] = .value(value)
        return true
    }

    private func descend(_ path: ArraySlice<String>) -> TOMLTree? {
        var table = self
        for key in path {
            switch table.entries[key] {
            case nil:
                let next = TOMLTree(.implied)
                table.entries[key] = .table(next)
                table = next
            case .table(let next): table = next
            case .tables(let elements):
                guard let last = elements.tables.last else { return nil }
                table = last
            case .value: return nil
            }
        }
        return table
    }

    /// The finished table.
    var canonical: CanonicalValue {
        .table(
            entries.mapValues { entry in
                switch entry {
                case .value(let value): value
                case .table(let table): table.canonical
                case .tables(let elements): .list(elements.tables.map(\.canonical))
                }
            })
    }
}
