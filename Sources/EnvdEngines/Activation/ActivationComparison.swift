internal import EnvdCore

/// Two runs of the same scripts, in a shell where nothing is set and in one where much is: what both say together.
struct ActivationComparison {
    /// Variables before and after the scripts.
    struct Run {
        var before: [VariableName: ByteString]
        var after: ShellSnapshot

        /// What the scripts set that makes shells or other programs run code.
        var refused: Set<VariableName> {
            let exported = after.exported.filter { $0.key.refusal == .runsCode && before[$0.key] != $0.value }.keys
            let others = after.changes.compactMap(ShellSnapshot.variable(ofChange:))
            return Set(exported).union(others.filter { $0.refusal == .runsCode })
        }
    }

    let shell: ActivationShell
    /// With nothing set outside.
    let plain: Run
    /// With a value of its own in each variable of `sentinels`.
    let marked: Run
    let sentinels: Sentinels
    /// Variables that the scripts set for themselves.
    let own: Set<VariableName>

    /// What the scripts do to each variable, and the reasons why that may not be all.
    func record() -> ActivationRecord {
        var record = ActivationRecord(shell.given)
        let refused = plain.refused.union(marked.refused)
        func isRefused(_ change: String) -> Bool {
            ShellSnapshot.variable(ofChange: change).map(refused.contains) ?? false
        }
        refused.forEach { record.refuse($0) }
        let changes = Set(plain.after.changes).union(marked.after.changes)
        for change in changes.sorted() where !isRefused(change) {
            record.leaveToShells("the scripts change \(change)")
        }
        let names = Set(plain.before.keys).union(marked.before.keys)
            .union(plain.after.exported.keys).union(marked.after.exported.keys)
        for name in names.sorted() where !name.text.hasPrefix("ENVD_") && !name.text.hasPrefix("_envd_") {
            let (first, second) = (plain.after.exported[name], marked.after.exported[name])
            if first == plain.before[name], second == marked.before[name] { continue }
            if shell.given.fronts[name] != nil {
                compareList(name, first, second, &record)
            } else if refused.contains(name) {
                continue
            } else if name.refusal != nil {
                record.leaveToShells("the scripts change \(name)")
            } else if plain.after.exported.contains(where: { name.isKeptForLeaving($0) && plain.before[$0] != $1 }) {
                record.ignore(name)
            } else {
                compare(name, first, second, &record)
            }
        }
        return record
    }

    private func compare(
        _ name: VariableName, _ first: ByteString?, _ second: ByteString?, _ record: inout ActivationRecord
    ) {
        let marks = [first, second].compactMap(\.self).contains { !isClean($0, but: sentinels[name]) }
        switch (first, second) {
        case (nil, nil):
            if own.contains(name), plain.before[name] == nil {
                record.ignore(name)
            } else {
                record.record(.hidden, of: name)
            }
        case (let first?, let second?) where first == second && !marks:
            record.record(.set(first), of: name)
        case (let first?, let second?) where !marks && sentinels[name].map(second.contains) ?? false:
            guard let sentinel = sentinels[name], let change = extended(name, first, second, sentinel) else {
                return leave(name, first, &record)
            }
            record.record(change, of: name)
        case (nil, let second?)
        where plain.after.unexported.contains(name) && !(sentinels[name].map(second.contains) ?? true):
            record.ignore(name)
        default:
            if isCopy(name, first, second) { record.ignore(name) } else { leave(name, first, &record) }
        }
    }

    /// A list that has entries of the prefix before the scripts.
    private func compareList(
        _ name: VariableName, _ first: ByteString?, _ second: ByteString?, _ record: inout ActivationRecord
    ) {
        let outside = outer(plain, name)
        let markedList = around(outer(marked, name), in: second)
        let plainList = outside.isEmpty ? first.map { ($0.entries, []) } : around(outside, in: first)
        if let plainList { record.record(.listed(before: plainList.before, after: plainList.after), of: name) }
        guard let plainList, let markedList, plainList.before + plainList.after == markedList.before + markedList.after,
            outside.isEmpty || plainList.before == markedList.before,
            (markedList.before + markedList.after).allSatisfy({ isClean($0, but: nil) })
        else { return record.leaveToShells("the scripts change \(name)") }
        record.record(.listed(before: markedList.before, after: markedList.after), of: name)
    }

    private typealias Around = (before: [ByteString], after: [ByteString])

    /// The entries of a list that are not the prefix's own, before the scripts.
    private func outer(_ run: Run, _ name: VariableName) -> [ByteString] {
        let front = shell.given.fronts[name] ?? []
        let list = run.before[name]?.split(separator: UInt8(ascii: ":")) ?? []
        return Array(list.dropFirst(front.count))
    }

    private func around(_ outer: [ByteString], in value: ByteString?) -> Around? {
        let all = value?.split(separator: UInt8(ascii: ":")) ?? []
        guard !outer.isEmpty, let range = all.firstRange(of: outer) else { return nil }
        return (all[..<range.lowerBound].filter { !$0.isEmpty }, all[range.upperBound...].filter { !$0.isEmpty })
    }

    /// `A + old + B`, as entries of a list where it is one; nil where the old value is in it more than once.
    private func extended(
        _ name: VariableName, _ first: ByteString, _ second: ByteString, _ sentinel: ByteString
    ) -> ActivationRecord.Change? {
        guard let range = second.range(of: sentinel) else { return nil }
        let before = ByteString(second.bytes[..<range.lowerBound])
        let after = ByteString(second.bytes[range.upperBound...])
        guard isClean(before, but: nil), isClean(after, but: nil) else { return nil }
        let colon = UInt8(ascii: ":")
        let entries = before.entries + after.entries
        let isList =
            !entries.isEmpty && (before.isEmpty || before.bytes.last == colon)
            && (after.isEmpty || after.bytes.first == colon) && first.entries == entries && name.isList(entries)
        let hasEmpty = first.split(separator: colon).contains(where: \.isEmpty)
        if isList, !(hasEmpty && name.meansSomethingEmpty) {
            return .listed(before: before.entries, after: after.entries)
        }
        return .extended(before: before, after: after, otherwise: first)
    }

    /// Whether the value is just what another variable was: kept for a deactivate.d, because that one changes or as the
    /// names say. What is left on leaving is envd's own to know.
    private func isCopy(_ name: VariableName, _ first: ByteString?, _ second: ByteString?) -> Bool {
        guard let second, !second.isEmpty else { return false }
        return marked.before.contains { other, value in
            guard other != name, value == second, plain.before[other] != value,
                (plain.before[other] ?? "") == (first ?? "")
            else { return false }
            return plain.after.exported[other] != plain.before[other] || marked.after.exported[other] != value
                || name.isKeptForLeaving(other)
        }
    }

    /// The shells run the scripts; who cannot gets what the first run said.
    private func leave(_ name: VariableName, _ first: ByteString?, _ record: inout ActivationRecord) {
        record.leaveToShells("\(name) depends on what it or another variable was before")
        guard let value = first.flatMap(shell.atHome) else { return }
        if plain.before[name] != first { record.record(.set(value), of: name) }
    }

    /// Whether a value tells neither of another variable's old value nor of the place where the scripts ran.
    private func isClean(_ value: ByteString, but sentinel: ByteString?) -> Bool {
        var rest = value
        if let sentinel, let range = rest.range(of: sentinel) { rest.bytes.removeSubrange(range) }
        return !rest.contains(sentinels.stem) && !rest.contains(shell.scratch.bytes)
    }
}

/// Values that no script comes up with, one for each variable.
struct Sentinels {
    let stem: ByteString
    let names: Set<VariableName>

    init(_ names: Set<VariableName>) {
        stem = ByteString("/envd-\(String(UInt64.random(in: .min ... .max), radix: 16))/")
        self.names = names
    }

    subscript(name: VariableName) -> ByteString? {
        names.contains(name) ? stem + ByteString(name.text) + "/end" : nil
    }

    /// Those of some of the names.
    func values(_ names: some Sequence<VariableName>) -> [VariableName: ByteString] {
        Dictionary(names.compactMap { name in self[name].map { (name, $0) } }) { $1 }
    }
}
