internal import EnvdClient
internal import EnvdCore
internal import EnvdSystem

/// The units of systemd's user manager: what `envd service install` writes, and what of it is there.
struct UnitFiles {
    private static let mark =
        "# Written by `envd service install`, removed by `envd service uninstall`; for changes of your own: "
        + "`systemctl --user edit envd`.\n"
    /// Where a shell's directories differ from the usual ones: the manager does not know that shell.
    private static let placeNames = [
        "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "TMPDIR",
    ]

    /// `~/.config/systemd/user`.
    let directory: Path
    /// The `envd` program.
    let program: Path

    private var places: Path { directory / "envd.service.d/places.conf" }

    /// Units that a package brought, in a directory that the manager looks into.
    var packaged: Path? {
        UserService.directories.dropFirst().first { FileSystem.exists($0 / "envd.service") }
    }

    /// What `install` put there.
    var written: [Path] {
        (UserService.units.map { directory / $0 } + [places]).filter { Self.isOurs($0) }
    }

    /// Writes the units, or leaves them to the package that brought them.
    ///
    /// - Returns: whether anything is other than it was.
    func write() throws(Diagnostic) -> Bool {
        var wanted: [(file: Path, text: String)] = []
        let own = UserService.units.map { directory / $0 }
        if packaged == nil || own.contains(where: { FileSystem.exists($0) }) {
            wanted = try zip(own, texts()).map { ($0, $1) }
        }
        let lines = try placeNames().map { name, value throws(Diagnostic) in
            "Environment=\(try Self.quoted("\(name)=\(value)", "set `\(name)`"))\n"
        }
        if !lines.isEmpty { wanted.append((places, Self.mark + "[Service]\n" + lines.joined())) }
        for (file, _) in wanted where FileSystem.exists(file) && !Self.isOurs(file) {
            throw Diagnostic(
                "could not install the service: `\(file)` is not envd's", hint: "move it away, or use it as it is")
        }
        var isNew = false
        do {
            for (file, text) in wanted where (try? FileSystem.read(file)) != Array(text.utf8) {
                try FileSystem.makeDirectories(file.parent, mode: 0o755)
                try FileSystem.replace(file, with: Array(text.utf8), mode: 0o644)
                isNew = true
            }
            if lines.isEmpty, Self.isOurs(places) {
                try FileSystem.remove(places)
                isNew = true
            }
        } catch {
            throw Diagnostic("could not install the service: \(error)")
        }
        return isNew
    }

    /// Removes what `write` put there, and what enabling it made.
    func remove() throws(Diagnostic) {
        let links = UserService.units.map { directory / "sockets.target.wants" / $0 }
        do {
            for file in written { try FileSystem.remove(file) }
            for link in links where (try FileSystem.status(link, followingLink: false))?.kind == .link {
                try FileSystem.remove(link)
            }
        } catch {
            throw Diagnostic("could not remove the service: \(error)")
        }
        for directory in [places.parent, directory / "sockets.target.wants"] {
            _ = FileSystem.removeEmptyDirectory(directory)
        }
    }

    private static func isOurs(_ file: Path) -> Bool {
        (try? FileSystem.read(file))?.starts(with: "# Written by `envd service install`".utf8) ?? false
    }

    /// In the order of `UserService.units`.
    private func texts() throws(Diagnostic) -> [String] {
        let start = "\nExecStart=\(try Self.quoted("\(program)", "start `\(program)`")) daemon\n"
        let service = String(decoding: PackageResources.envd_service, as: UTF8.self)
            .replacing("\nExecStart=/usr/bin/envd daemon\n", with: start)
        return [
            String(decoding: PackageResources.envd_socket, as: UTF8.self),
            String(decoding: PackageResources.envd_control_socket, as: UTF8.self), service,
        ].map { Self.mark + $0 }
    }

    private func placeNames() -> [(name: String, value: Path)] {
        Self.placeNames.compactMap { name in ProcessEnvironment.path(name).map { (name, $0) } }
    }

    /// As systemd.syntax(7) and systemd.unit(5) want a word.
    private static func quoted(_ word: String, _ action: String) throws(Diagnostic) -> String {
        guard word == word.printable, !word.contains("\n"), !word.contains("\t"), !word.contains("\u{fffd}") else {
            throw Diagnostic("could not have systemd \(action.printable): a unit cannot hold that name")
        }
        let escaped = word.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("%", with: "%%")
        return "\"\(escaped)\""
    }
}
