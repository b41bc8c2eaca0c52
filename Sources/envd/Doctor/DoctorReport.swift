internal import EnvdCore
internal import EnvdEngines

/// What `envd doctor --json` prints: a stable format, told by `version`.
struct DoctorReport: Encodable {
    struct Finding: Encodable {
        enum Kind: String, Encodable { case ok, note, problem }

        var kind: Kind
        /// What it is about, in a word or two: `daemon`, `driver`.
        var subject: String
        var message: String
        var hint: String?

        init(_ kind: Kind, _ subject: String, _ message: String, hint: String? = nil) {
            self.kind = kind
            self.subject = subject
            self.message = message
            self.hint = hint
        }

        init(_ kind: Kind, _ subject: String, _ diagnostic: Diagnostic) {
            self.init(kind, subject, diagnostic.message, hint: diagnostic.hint)
        }
    }

    struct Daemon: Encodable {
        enum State: String, Encodable {
            case running
            /// There is none.
            case stopped
            /// There is one that does not answer.
            case silent
        }

        var state: State
        var version: String?
        var process: Int32?
    }

    struct Environment: Encodable {
        var root: Path
        var generation: GenerationNumber
        var prefix: Path
        var python: String?
        var engine: String
        var isIntact: Bool
        /// One phrase for each change that was made by hand.
        var drift: [String]
        /// What activation puts in front of LD_LIBRARY_PATH.
        var libraryPath: [Path]
    }

    struct Cuda: Encodable {
        struct Runtime: Encodable {
            var version: String
            var package: String
            var packageVersion: String
            var source: CudaRuntime.Source
            var fit: CudaFit
        }

        /// The newest CUDA that the driver serves; nil where there is none.
        var driver: String?
        var capability: String?
        var trouble: String?
        /// Whether CONDA_OVERRIDE_CUDA said so, and no driver was asked.
        var isOverridden: Bool
        var runtimes: [Runtime]
    }

    /// Of this format.
    let version = 1
    let envd = Version.text
    var daemon: Daemon
    /// The state of the project as `envd status` has it; nil where there is no project, or no daemon to say it.
    var state: String?
    var environment: Environment?
    var cuda: Cuda
    var findings: [Finding]

    var problems: Int { findings.count { $0.kind == .problem } }
}

extension DoctorReport {
    /// For people: a line a finding.
    var lines: [String] {
        var lines = ["envd \(envd)"]
        for finding in findings {
            var label = Self.padded(finding.kind.rawValue, 9) + Self.padded(finding.subject, 13)
            for line in finding.message.split(whereSeparator: \.isNewline) {
                lines.append("  \(label)\(line)")
                label = Self.padded("", 22)
            }
            if let hint = finding.hint { lines.append("  \(Self.padded("", 9))\(Self.padded("hint", 13))\(hint)") }
        }
        switch problems {
        case 0: lines.append("no problem was found")
        case 1: lines.append("1 problem was found")
        default: lines.append("\(problems) problems were found")
        }
        return lines
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }
}
