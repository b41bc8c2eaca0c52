internal import EnvdCore
internal import EnvdSystem

extension UvBuild {
    /// `uv lock` in the project, or in the workspace that it is a member of: the lock file is the workspace's.
    func updateLock(_ upgrade: LockUpgrade) async throws(Diagnostic) -> LockUpdate {
        let workspace = try await workspaceRoot()
        let snapshot = try LockSnapshot([workspace / "uv.lock"], in: workspace, of: context.snapshot)
        return try await snapshot.keeping { () async throws(Diagnostic) in
            // uv makes a new file and gives it the name; backends that are asked for metadata write beside it.
            let result = try await choosing(
                ["lock"] + common + upgrade.options, by: .lock, writable: [workspace] + layer.localDirectories(root))
            guard result.succeeded else { throw diagnostic(result, "lock", object) }
            return try snapshot.update(root: root, tool: "uv \(engine.version)")
        }
    }

    /// What uv takes for the root; where it is too old to say so, the nearest directory that says it is one.
    private func workspaceRoot() async throws(Diagnostic) -> Path {
        var workspace = root
        let asked = await run(["workspace", "dir", "--project", root.bytes])
        let line = ByteString(asked.standardOutput).split(separator: UInt8(ascii: "\n")).first
        if asked.succeeded, let line, Path(line).isAbsolute {
            workspace = Path(line)
        } else {
            let table = "[tool.uv.workspace]"
            workspace =
                root.selfAndAncestors.first { directory in
                    let content = (try? FileSystem.read(directory / "pyproject.toml")) ?? []
                    return String(decoding: content, as: UTF8.self).split(whereSeparator: \.isNewline)
                        .contains { $0.trimmed.hasPrefix(table) }
                } ?? root
        }
        // Nothing is run for, or written to, what somebody else put above the project.
        let owners = [root, workspace].map { place in
            (try? FileSystem.status(context.snapshot?.original(of: place) ?? place))??.owner
        }
        guard workspace == root || owners[0] == owners[1] else {
            throw Diagnostic(
                "could not lock `\(object)`: its workspace `\(workspace)` belongs to another user",
                hint: "lock it there, with `uv lock`")
        }
        return workspace
    }
}
