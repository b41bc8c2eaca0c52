internal import EnvdCore
internal import EnvdSystem

/// One script of a prefix's activate.d or deactivate.d, and what its text gives away without being run.
struct ActivationScript: Hashable {
    private static let limit = 4 << 20
    static let entering: Path = "etc/conda/activate.d"
    static let leaving: Path = "etc/conda/deactivate.d"

    var path: Path
    /// Below the prefix: for people.
    var shown: Path
    /// Variables that it reads, sets, exports or unsets by name.
    var mentioned: Set<VariableName>
    /// Of those, the ones that it sets: for itself alone, where no script exports them.
    var assignedVariables: Set<VariableName>
    /// Those that it gives to programs.
    var exportedVariables: Set<VariableName>
    /// Whether it looks if a person sits before the shell: here nobody does.
    var asksForPerson: Bool

    /// Those of a prefix, in ascending order, and a note for each that cannot be read.
    static func all(of prefix: Path, in directory: Path = entering) -> (scripts: [ActivationScript], notes: [String]) {
        var scripts: [ActivationScript] = []
        var notes: [String] = []
        let names = (try? FileSystem.list(prefix.appending(directory))) ?? []
        for name in names where name.hasSuffix(".sh") {
            let shown = directory.appending(Path(name))
            do throws(SystemError) {
                let path = prefix.appending(shown)
                scripts.append(
                    ActivationScript(path, shown: shown, text: try FileSystem.read(path, limit: limit)))
            } catch {
                notes.append("could not use `\(shown)`: \(error.cause)")
            }
        }
        return (scripts, notes)
    }

    init(_ path: Path, shown: Path, text: [UInt8]) {
        self.path = path
        self.shown = shown
        var words = ScriptWords()
        for line in text.split(separator: UInt8(ascii: "\n")) { words.read(line) }
        mentioned = words.mentioned
        assignedVariables = words.assigned
        exportedVariables = words.exported
        asksForPerson = words.asksForPerson
    }
}

/// The names in a script's lines, as far as they can be told without a shell's grammar: one too many costs nothing.
private struct ScriptWords {
    private(set) var mentioned: Set<VariableName> = []
    private(set) var exported: Set<VariableName> = []
    private(set) var assigned: Set<VariableName> = []
    private(set) var asksForPerson = false

    private static let exporting: Set<String> = ["export", "declare", "typeset"]
    private static let assigning: Set<String> = ["for", "local", "read", "readarray", "mapfile"]
    private static let naming = exporting.union(assigning).union(["unset", "readonly", "printenv", "in"])

    mutating func read(_ line: ArraySlice<UInt8>) {
        if line.drop(while: { $0 == 0x20 || $0 == 0x09 }).first == UInt8(ascii: "#") { return }
        let words = Self.identifiers(in: line)
        let keywords = Set(words.map(\.name.text)).intersection(Self.naming)
        for word in words where !Self.naming.contains(word.name.text) {
            if word.isRead || word.isAssigned || !keywords.isEmpty { mentioned.insert(word.name) }
            if !keywords.isDisjoint(with: Self.exporting) { exported.insert(word.name) }
            if word.isAssigned || !keywords.isDisjoint(with: Self.assigning) { assigned.insert(word.name) }
            if !word.isAssigned, ["PS1", "PROMPT_COMMAND"].contains(word.name.text) { asksForPerson = true }
        }
        let text = String(decoding: line, as: UTF8.self)
        if ["$-", "${-", "[ -t ", "[[ -t ", "test -t "].contains(where: text.contains) { asksForPerson = true }
    }

    private struct Word {
        var name: VariableName
        var isRead: Bool
        var isAssigned: Bool
    }

    private static func identifiers(in line: ArraySlice<UInt8>) -> [Word] {
        var words: [Word] = []
        var index = line.startIndex
        while index < line.endIndex {
            guard isPart(line[index]) else {
                index += 1
                continue
            }
            let start = index
            while index < line.endIndex, isPart(line[index]) { index += 1 }
            guard let name = VariableName(String(decoding: line[start..<index], as: UTF8.self)) else { continue }
            let before = line[..<start].suffix(3)
            let isRead = ["$", "${", "${!", "${#", "${^"].contains {
                before.reversed().starts(with: $0.utf8.reversed())
            }
            let after = line[index...]
            words.append(
                Word(
                    name: name, isRead: isRead,
                    isAssigned: after.starts(with: "=".utf8) || after.starts(with: "+=".utf8)))
        }
        return words
    }

    private static func isPart(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
