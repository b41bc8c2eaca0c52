internal import EnvdCore
internal import EnvdSystem

/// Asks the machine's own dynamic linker what it would do with libraries, as ldd(1) does: it loads them and all that
/// they need, says what it found, and runs no code of theirs.
struct LoaderTrial {
    /// PT_INTERP of this program.
    let loader: Path
    let context: EngineContext

    /// What one library asks of the linker.
    struct Question: Hashable, Sendable {
        let name: ByteString
        /// Whether every symbol is looked up too (`ldd -r`).
        let withSymbols: Bool
    }

    /// What the linker said of one library.
    struct Report: Hashable, Sendable {
        /// What was found for which name, in the order of loading.
        var loaded: [(name: ByteString, path: Path)] { zip(names, paths).map { ($0, $1) } }
        fileprivate(set) var names: [ByteString] = []
        fileprivate(set) var paths: [Path] = []
        /// Symbols that nothing has, with their versions, and the files that ask for them.
        fileprivate(set) var undefined: [ByteString: Set<Path>] = [:]
        /// The first complaint; nil where everything was found.
        fileprivate(set) var complaint: String?
        /// The files that complaints are about, as far as they say so.
        fileprivate(set) var culprits: Set<Path> = []
    }

    /// The limits are for what hangs: a library that takes the linker a second is an oddity.
    private enum Limit {
        static let batch = 64
        static let batchTime = Duration.seconds(60)
        static let processorSeconds = 30
    }

    init(loader: Path, context: EngineContext) {
        self.loader = loader
        self.context = context
    }

    /// Nil where this program has no dynamic linker.
    init?(context: EngineContext) {
        guard let loader = ElfObject(reading: "/proc/self/exe")?.interpreter, loader.isAbsolute else { return nil }
        self.init(loader: loader, context: context)
    }

    /// One report for each library that the linker answered for; none for those after a batch that hung.
    ///
    /// - Parameters:
    ///   - directory: in which the names are looked up.
    ///   - libraryPath: LD_LIBRARY_PATH.
    func ask(
        _ questions: [Question], in directory: Path, libraryPath: [Path]
    ) async throws(Diagnostic) -> [ByteString: Report] {
        var reports: [ByteString: Report] = [:]
        for start in stride(from: 0, to: questions.count, by: Limit.batch) {
            let batch = questions[start..<min(start + Limit.batch, questions.count)]
            let command = Command(
                executable: "/bin/sh",
                arguments: [
                    "-c", ByteString(Self.script), "sh", loader.bytes,
                    ByteString(libraryPath.map(\.bytes.bytes).joined(separator: [UInt8(ascii: ":")])), directory.bytes,
                ] + batch.map { ($0.withSymbols ? "s" : "p") + $0.name },
                environment: ["PATH": EngineEnvironment.plainPath, "LC_ALL": "C"], workingDirectory: context.temporary,
                writable: [context.temporary])
            let result = await run(command)
            if Task.isCancelled || result.ending != .cancelled,
                let failure = Diagnostic.unfinished(
                    result, "try the libraries in", directory.description, program: loader)
            {
                throw failure
            }
            let answers = Self.reports(in: result.standardOutput)
            reports.merge(answers) { $1 }
            if answers.count < batch.count {
                context.log("the dynamic linker answered for \(answers.count) of \(batch.count) libraries in time")
                break
            }
        }
        return reports
    }

    /// Without LD_TRACE_LOADED_OBJECTS the linker would run the library.
    private static let script = """
        loader=$1 path=$2 directory=$3
        shift 3
        ulimit -c 0
        ulimit -t \(Limit.processorSeconds)
        for word do
          name=${word#?} symbols=
          case $word in s*) symbols=yes ;; esac
          echo "envd:library $name"
          LD_TRACE_LOADED_OBJECTS=1 LD_WARN=$symbols LD_BIND_NOW=$symbols \\
            "$loader" --library-path "$path" "$directory/$name" 2>&1
          echo "envd:ended $?"
        done
        """

    /// Cancelled where it takes too long.
    private func run(_ command: Command) async -> CommandResult {
        let runner = context.runner
        return await withTaskGroup(of: CommandResult?.self) { group in
            group.addTask { await runner.run(command, onLine: { _ in }) }
            group.addTask {
                try? await Task.sleep(for: Limit.batchTime)
                return nil
            }
            var result: CommandResult?
            for await ended in group {
                group.cancelAll()
                result = ended ?? result
            }
            return result ?? CommandResult(ending: .cancelled, standardOutput: [], standardError: [])
        }
    }

    /// Of whole answers alone.
    static func reports(in output: [UInt8]) -> [ByteString: Report] {
        var reports: [ByteString: Report] = [:]
        var current: (name: ByteString, report: Report)?
        for line in output.split(separator: UInt8(ascii: "\n")) {
            if let name = line.after("envd:library ") {
                current = (ByteString(name), Report())
            } else if let status = line.after("envd:ended ") {
                guard var report = current?.report, let name = current?.name else { continue }
                if !status.elementsEqual([UInt8(ascii: "0")]), report.complaint == nil {
                    report.complaint = "the dynamic linker ended with \(String(decoding: status, as: UTF8.self))"
                }
                reports[name] = report
                current = nil
            } else {
                current?.report.read(line)
            }
        }
        return reports
    }
}

extension LoaderTrial.Report {
    /// `\tNAME => PATH (0xADDRESS)`, `\tNAME => not found`, `\tPATH (0xADDRESS)`, `\tstatically linked`,
    /// `undefined symbol: NAME[, version V]\t(PATH)`, or a complaint that may end with `(required by PATH)`.
    fileprivate mutating func read(_ line: ArraySlice<UInt8>) {
        if let symbol = line.after("undefined symbol: ") {
            let name = ByteString(symbol.prefix { $0 != UInt8(ascii: "\t") })
            undefined[name, default: []].formUnion(symbol.parenthesised("\t(").map { [$0] } ?? [])
        } else if let entry = line.after("\t") {
            // It needs nothing.
            if entry.elementsEqual(Array("statically linked".utf8)) { return }
            let words = entry.halves(" => ")
            let found = words?.after ?? entry
            guard let address = found.halves(" (0x") else {
                complain(entry)
                return
            }
            let path = Path(ByteString(address.before))
            // The kernel's own has no path.
            guard path.isAbsolute else { return }
            names.append(words.map { ByteString($0.before) } ?? path.name)
            paths.append(path)
        } else {
            if let path = line.parenthesised("(required by ") { culprits.insert(path) }
            complain(line)
        }
    }

    private mutating func complain(_ line: ArraySlice<UInt8>) {
        if complaint == nil { complaint = String(decoding: line, as: UTF8.self) }
    }
}

extension ArraySlice<UInt8> {
    /// What follows `start`; nil where this begins otherwise.
    fileprivate func after(_ start: String) -> ArraySlice<UInt8>? {
        starts(with: Array(start.utf8)) ? dropFirst(start.utf8.count) : nil
    }

    /// What stands before and after the first `mark`.
    fileprivate func halves(_ mark: String) -> (before: ArraySlice<UInt8>, after: ArraySlice<UInt8>)? {
        let mark = Array<UInt8>(mark.utf8)
        guard let first = mark.first else { return nil }
        var rest = self
        while let place = rest.firstIndex(of: first) {
            rest = self[place...]
            if rest.starts(with: mark) { return (self[..<place], rest.dropFirst(mark.count)) }
            rest = rest.dropFirst()
        }
        return nil
    }

    /// The path between `start` and the parenthesis at the end.
    fileprivate func parenthesised(_ start: String) -> Path? {
        guard last == UInt8(ascii: ")"), let rest = halves(start)?.after else { return nil }
        return Path(ByteString(rest.dropLast()))
    }
}
