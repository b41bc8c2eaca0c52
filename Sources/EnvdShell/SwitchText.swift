package import EnvdCore
internal import EnvdSystem

/// The text by which a shell goes the long way: what `envd-hook switch` and `envd-hook settle` print.
package struct SwitchText {
    private let shell: Shell
    private let environment: [ByteString: ByteString]
    private var bytes: [UInt8] = []

    package init(_ shell: Shell, environment: [ByteString: ByteString]) {
        self.shell = shell
        self.environment = environment
    }

    /// Leaves what is active and enters `answer`, if there is one.
    ///
    /// Conda's scripts for leaving see the environment as it was inside; so they are read first, and the rest is asked
    /// again. Those of an inherited ENVD_UNDO are anybody's: only the user's own, below envd's prefixes, are read.
    ///
    /// - Parameter again: the command that asks again; without it, the hook's for `answer`.
    package consuming func switching(to answer: Answer?, again: [UInt8]? = nil) -> [UInt8] {
        if shell != .fish, var (_, undo) = EnvironmentSwitch.active(in: environment), !undo.leaving.isEmpty {
            let scripts = undo.leaving.filter(Self.isOurs)
            undo.leaving = []
            export("ENVD_UNDO", undo.text)
            read(scripts)
            if let again {
                bytes += again + [0x0a]
            } else {
                line("_envd_switch", ByteString(answer.map { ProjectID(root: $0.root).text } ?? ""))
            }
            return bytes
        }
        let scripts = shell == .fish ? nil : answer?.delta.scripts
        let change = EnvironmentSwitch(environment, to: answer, scripts: scripts != nil)
        write(change.environment)
        if let scripts {
            read(scripts.entering)
            line("_envd_run settle \(shell.rawValue)")
        }
        line("_envd_label", answer?.generation == nil ? "" : answer?.delta.promptLabel ?? "")
        return bytes
    }

    /// Takes what scripts made of their variables for ours.
    package consuming func settling() -> [UInt8] {
        write(EnvironmentSwitch.settled(environment))
        return bytes
    }

    private mutating func write(_ after: [ByteString: ByteString]) {
        for (name, value) in after.sorted(by: { $0.key < $1.key }) where environment[name] != value {
            export(name.description, value)
        }
        for name in environment.keys.sorted() where after[name] == nil {
            line("\(shell == .fish ? "set -eg" : "unset") \(name)")
        }
    }

    private mutating func export(_ name: String, _ value: ByteString) {
        bytes += Array((shell == .fish ? "set -gx \(name) " : "export \(name)=").utf8) + shell.quoted(value) + [0x0a]
    }

    private mutating func read(_ scripts: [Path]) {
        guard !scripts.isEmpty else { return }
        bytes += shell == .bash ? PackageResources.source_bash : PackageResources.source_zsh
        line("_envd_source", ShellRenderer.list(scripts.map(\.bytes)))
    }

    private mutating func line(_ start: String, _ words: ByteString...) {
        bytes += Array(start.utf8)
        for word in words { bytes += [0x20] + shell.quoted(word) }
        bytes.append(0x0a)
    }

    /// `…/projects/<project>/generations/<number>/etc/conda/deactivate.d/<name>.sh`, and a file of the user's own.
    private static func isOurs(_ script: Path) -> Bool {
        let parts = script.bytes.split(separator: UInt8(ascii: "/")).map(\.description)
        guard script.isAbsolute, !parts.contains(".."), parts.count > 8, let name = parts.last, name.hasSuffix(".sh")
        else { return false }
        let place = parts.suffix(8).dropLast()
        guard [place.first, place.dropFirst(2).first] == ["projects", "generations"],
            place.dropFirst(3).first.flatMap({ Int($0) }) != nil,
            place.suffix(3) == ["etc", "conda", "deactivate.d"],
            let status = try? FileSystem.status(script)
        else { return false }
        return status.owner == CurrentUser.id
    }
}
