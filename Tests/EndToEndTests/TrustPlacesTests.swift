import EnvdCore
import EnvdSystem
import EnvdTestSupport
import Testing

@Suite("A permission is one place's, and that of its repository's other working trees")
struct TrustPlacesTests {
    private func git(_ home: Home, _ arguments: String..., in directory: Path) throws {
        let variables: [ByteString: ByteString] = [
            "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b", "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@b",
            "GIT_CONFIG_GLOBAL": "/dev/null",
        ]
        try home.run("/usr/bin/git", arguments, in: directory, with: variables).expect(0)
    }

    /// A repository with a project in a directory of it, which is allowed.
    private func repository(_ home: Home) throws -> (main: Path, project: Path) {
        let main = try home.project("main", files: ["sub/requirements.txt": "idna\n"])
        try git(home, "init", "-q", in: main)
        try git(home, "add", "-A", in: main)
        try git(home, "commit", "-qm", "one", in: main)
        return (main, main / "sub")
    }

    @Test("a working tree of an allowed project's repository is active at the first cd; its edits ask as they do there")
    func worktree() throws {
        let home = try Home()
        let (main, project) = try repository(home)
        try home.envd("allow", in: project).expect(0)
        try home.envd("wait", in: project).expect(0)
        let tree = home.path / "tree"
        try git(home, "worktree", "add", "-q", "\(tree)", in: main)
        let session = try HookedShell(.bash, in: home)
        let shown = try session.run("cd '\(tree / "sub")'")
        #expect(!shown.contains("not allowed"), "\(shown)")
        try home.envd("wait", in: tree / "sub").expect(0)
        try session.promptUntil(1)
        #expect(try session.imports("idna") == "yes")
        try home.write(tree / "sub/requirements.txt", "idna\n--find-links ./x\n")
        #expect(home.envd("wait", in: tree / "sub").status == 1)
        #expect(try home.status(tree / "sub").asks?.map(\.source.text) == ["x"])
        // A directory of the tree that has no allowed counterpart is like any other.
        try home.write(tree / "requirements.txt", "six\n")
        #expect(try home.status(tree).state == "not allowed")
        try home.envd("deny", in: project).expect(0)
        #expect(try home.status(tree / "sub").state == "denied")
    }

    @Test("a directory that everybody can write is as good as a manifest that everybody can write")
    func openDirectory() throws {
        let home = try Home()
        let root = try home.project(files: ["requirements.txt": "-r d/a.txt\n", "d/a.txt": "idna\n"])
        try FileSystem.setMode(root / "d", 0o777)
        #expect(home.envd("allow", in: root).status == 1 || home.envd("wait", in: root).status == 1)
        #expect(try home.envd("status", in: root).expect(0).output.contains("everybody can write `\(root)/d`"))
        try home.envd("allow", "--shared", in: root).expect(0)
        try home.envd("wait", in: root).expect(0)
    }

    @Test("a tree that the repository names no more has the permission no more")
    func pruned() throws {
        let home = try Home()
        let (main, project) = try repository(home)
        try home.envd("allow", in: project).expect(0)
        let tree = home.path / "tree"
        try git(home, "worktree", "add", "-q", "\(tree)", in: main)
        try home.envd("wait", in: tree / "sub").expect(0)
        try FileSystem.remove(main / ".git/worktrees/tree")
        try home.write(tree / "sub/requirements.txt", "six\n")
        #expect(home.envd("wait", in: tree / "sub").status == 1)
        let failure = try #require(try home.status(tree / "sub").failure)
        #expect(failure.message.contains("is no working tree of the repository"), "\(failure)")
        #expect(try home.generations(tree / "sub") == ["1"])
        try home.envd("allow", in: tree / "sub").expect(0)
        try home.envd("wait", in: tree / "sub").expect(0)
    }

    @Test("a `.git` that lies gains nothing")
    func lies() throws {
        let home = try Home()
        let (main, project) = try repository(home)
        try home.envd("allow", in: project).expect(0)
        try home.envd("wait", in: project).expect(0)
        let tree = home.path / "tree"
        try git(home, "worktree", "add", "-q", "\(tree)", in: main)
        let own = home.path / "liar/own"
        let lies: [(String, String)] = [
            ("another tree's", "gitdir: \(main)/.git/worktrees/tree\n"),
            ("the repository itself", "gitdir: \(main)/.git\n"),
            ("by dots", "gitdir: \(main)/.git/worktrees/tree/../tree\n"),
            ("a place of its own", "gitdir: \(own)/.git/worktrees/x\n"), ("nothing", "gitdir: \n"),
            ("no text", "gitdir: \u{0}\n"), ("long", "gitdir: /" + String(repeating: "x/", count: 9000) + "\n"),
        ]
        for (name, text) in lies {
            let root = try home.project("liar/sub", files: ["requirements.txt": "idna\n"])
            try FileSystem.makeDirectories(own / ".git/worktrees/x")
            try home.write(own / ".git/worktrees/x/gitdir", "\(home.path)/liar/.git\n")
            try home.write(home.path / "liar/.git", text)
            #expect(try home.status(root).state == "not allowed", "\(name)")
        }
        try FileSystem.remove(home.path / "liar/.git")
        try FileSystem.replaceLink(home.path / "liar/.git", to: tree / ".git")
        #expect(try home.status(home.path / "liar/sub").state == "not allowed")
        try FileSystem.remove(home.path / "liar/.git")
        try FileSystem.makeFifo(home.path / "liar/.git")
        #expect(try home.status(home.path / "liar/sub").state == "not allowed")
        // The true one still is.
        try home.envd("wait", in: tree / "sub").expect(0)
    }

    @Test("a project that was moved or copied asks anew, and says where it was allowed")
    func movedAndCopied() throws {
        let home = try Home()
        let root = try home.ready(files: ["requirements.txt": "idna\n"])
        let copy = try home.project("copy", files: ["requirements.txt": "idna\n"])
        let other = try home.project("other", files: ["requirements.txt": "six\n"])
        let session = try HookedShell(.bash, in: home)
        let copied = try session.run("cd '\(copy)'")
        #expect(
            copied.contains("`copy` has the manifests of `\(root)`, and what was allowed there is not"), "\(copied)")
        #expect(try session.run("cd '\(other)'").contains("is a Python project that is not allowed"))
        try session.run("cd '\(home.outside)'")
        try FileSystem.rename(root, to: home.path / "moved")
        let moved = try session.run("cd '\(home.path)/moved'")
        #expect(moved.contains("`moved` was moved here from `\(root)`, and what was allowed there is not"), "\(moved)")
        #expect(try home.status(home.path / "moved").state == "not allowed")
        let allowed = try home.envd("allow", in: home.path / "moved").expect(0).output
        #expect(allowed.contains("it was moved here from `\(root)`"), "\(allowed)")
        try home.envd("wait", in: home.path / "moved").expect(0)
    }
}
