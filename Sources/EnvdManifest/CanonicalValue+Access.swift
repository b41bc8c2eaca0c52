internal import EnvdCore

extension CanonicalValue {
    /// The text, where the value is one.
    var asText: String? {
        if case .text(let text) = self { return text }
        return nil
    }

    /// The truth value, where the value is one.
    var asTruth: Bool? {
        if case .truth(let truth) = self { return truth }
        return nil
    }

    /// The elements, where the value is a list.
    var asList: [CanonicalValue]? {
        if case .list(let values) = self { return values }
        return nil
    }

    /// The entries, where the value is a table.
    var asTable: [String: CanonicalValue]? {
        if case .table(let entries) = self { return entries }
        return nil
    }

    /// The value at a chain of keys; nil where one of them is missing or no table.
    func value(_ keys: [String]) -> CanonicalValue? {
        var value = self
        for key in keys {
            guard let next = value.asTable?[key] else { return nil }
            value = next
        }
        return value
    }
}
