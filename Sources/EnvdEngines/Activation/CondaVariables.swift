internal import EnvdCore
internal import EnvdSystem

/// The variables that a prefix's packages and its user want set: etc/conda/env_vars.d, and conda-meta/state over them.
///
/// Whatever is wrong with one of them is a note.
struct CondaVariables {
    /// What conda-meta/state holds for a variable that is not to be set (conda's CONDA_ENV_VARS_UNSET_VAR).
    static let unset = "***unset***"
    private static let limit = 1 << 20

    private(set) var values: [VariableName: ByteString] = [:]
    /// The entries of LD_LIBRARY_PATH, which go before those outside: conda would take the outer ones away.
    private(set) var libraryPath: [ByteString] = []
    private(set) var notes: [String] = []

    init(of prefix: Path) {
        let directory: Path = "etc/conda/env_vars.d"
        for name in (try? FileSystem.list(prefix.appending(directory))) ?? [] where name.hasSuffix(".json") {
            let file = directory.appending(Path(name))
            add(object(in: file, of: prefix), from: file)
        }
        let state: Path = "conda-meta/state"
        guard FileSystem.exists(prefix.appending(state)), let table = object(in: state, of: prefix) else { return }
        guard let variables = table["env_vars"] else { return }
        if case .table(let entries) = variables {
            add(entries, from: state)
        } else {
            skip(state, "`env_vars` is no object")
        }
    }

    private mutating func skip(_ object: some CustomStringConvertible, of file: Path? = nil, _ cause: String) {
        let place = file.map { " of `\($0)`" } ?? ""
        notes.append("could not use `\(object)`\(place): \(cause)")
    }

    private mutating func object(in file: Path, of prefix: Path) -> [String: CanonicalValue]? {
        do {
            let content = try FileSystem.read(prefix.appending(file), limit: Self.limit)
            guard case .table(let table) = try JSONText.parse(content) else {
                skip(file, "it is no object")
                return nil
            }
            return table
        } catch let error as SystemError {
            skip(file, error.cause)
        } catch let error as JSONText.SyntaxError {
            skip(file, "line \(error.line): \(error.cause)")
        } catch {
            skip(file, "\(error)")
        }
        return nil
    }

    private mutating func add(_ entries: [String: CanonicalValue]?, from file: Path) {
        for (key, value) in (entries ?? [:]).sorted(by: { $0.key < $1.key }) {
            guard let name = VariableName(key) else {
                skip(key.printable, of: file, "it is no name of a variable")
                continue
            }
            if case .text(Self.unset) = value {
                values[name] = nil
                if name == .libraryPath { libraryPath = [] }
                continue
            }
            if name.refusal != nil {
                skip(name, of: file, CondaActivation.refusal)
                continue
            }
            guard let text = value.pythonText else {
                skip(name, of: file, "its value is no text")
                continue
            }
            if text.utf8.contains(0) {
                skip(name, of: file, "there is a NUL in its value")
            } else if name == .libraryPath {
                libraryPath = ByteString(text).split(separator: UInt8(ascii: ":")).filter { !$0.isEmpty }
            } else {
                values[name] = ByteString(text)
            }
        }
    }
}

extension CanonicalValue {
    /// The value as Python's `str` has it; nil for lists and tables.
    fileprivate var pythonText: String? {
        switch self {
        case .text(let text): text
        case .integer(let number): String(number)
        case .truth(let truth): truth ? "True" : "False"
        // Swift goes over to exponents at 2^53, Python at 10^16.
        case .number(let number) where number.magnitude < 1e16 && number.magnitude >= 0x1p53:
            "\(Int64(number)).0"
        case .number(let number): String(number)
        case .list, .table: nil
        }
    }
}

extension ByteString {
    func hasSuffix(_ suffix: String) -> Bool { bytes.suffix(suffix.utf8.count).elementsEqual(suffix.utf8) }
}

extension String {
    /// On one line of bearable length.
    fileprivate var printable: String {
        String(prefix(80).map { $0.isNewline || $0.unicodeScalars.contains { $0.value < 0x20 } ? "?" : $0 })
    }
}
