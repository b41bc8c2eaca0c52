import EnvdCore
import EnvdSystem
import EnvdTestSupport
import Testing

@Suite("Editors and direnv")
struct LinkTests {
    private func manifest(_ package: String) -> String {
        "[project]\nname = \"p\"\nversion = \"1\"\nrequires-python = \">=3.9\"\ndependencies = [\"\(package)\"]\n"
    }

    /// The version of idna that Python finds by the link, and its prefix.
    private func idna(_ home: Home, _ root: Path) throws -> [String] {
        let program = "import importlib.metadata as m, sys; print(m.version('idna'), sys.prefix, sep=chr(10))"
        return try home.run(root / ".venv/bin/python", ["-c", program], in: root).expect(0).output
            .split(separator: "\n").map(String.init)
    }

    private func store(_ home: Home, _ root: Path) throws -> Path {
        Path(try #require(try home.status(root).current).prefix).parent.parent
    }

    private func git(_ home: Home, _ words: String..., in directory: Path) throws -> String {
        try home.run("/usr/bin/git", words, in: directory).expect(0).output
    }

    @Test("`envd link` gives editors a .venv that follows every switch, out of git's sight, and goes with --undo")
    func link() throws {
        let home = try Home()
        let top = home.path / "top"
        let root = try home.ready("top/a project", files: ["pyproject.toml": manifest("idna==3.6")])
        _ = try git(home, "init", "-q", in: top)
        let exclude = top / ".git/info/exclude"
        try home.write(exclude, "mine")
        try home.write(top / ".gitignore", ".venv/\nuv.lock\n")

        // What is there stays.
        try FileSystem.makeDirectories(root / ".venv/bin")
        let refused = home.envd("link", in: root)
        #expect(refused.status == 1 && refused.errors.contains("a directory is there\nhint: move it away first: mv '"))
        try FileSystem.remove(root / ".venv")
        try FileSystem.makeLink(root / ".venv", to: home.outside)
        #expect(home.envd("link", in: root).errors.contains("a link is there that is not envd's"))
        #expect(home.envd("link", "--undo", in: root).status == 1)
        #expect(try FileSystem.linkTarget(root / ".venv") == home.outside)
        try FileSystem.remove(root / ".venv")
        #expect(home.envd("link", "--name", "env", in: root).errors.contains("it is no name for such a link"))

        let said = try home.envd("link", in: root).expect(0).output
        #expect(said.contains("leads to the current environment") && said.contains("\(exclude)"))
        #expect(try FileSystem.linkTarget(root / ".venv") == store(home, root) / "current")
        #expect(try idna(home, root) == ["3.6", "\(root / ".venv")"])
        #expect(
            try git(home, "status", "--porcelain", "-uall", in: top)
                == "?? .gitignore\n?? \"a project/pyproject.toml\"\n")
        #expect(try home.envd("link", in: root).expect(0).output.contains("leads already"))
        let lines = "mine\n# envd link\n/a\\ project/.venv\n"
        #expect(String(decoding: try FileSystem.read(exclude), as: UTF8.self) == lines)

        // It is no input, and no engine takes it for a place to install into.
        let before = try home.status(root)
        try home.write(root / "pyproject.toml", manifest("idna==3.7"))
        try home.envd("lock", in: root).expect(0)
        try home.envd("wait", in: root).expect(0)
        #expect(try idna(home, root)[0] == "3.7")
        #expect(try FileSystem.linkTarget(root / ".venv") == store(home, root) / "current")
        #expect(try home.status(root).current?.drift == nil && before.current?.number == 1)
        try home.envd("gc", "--keep", "0").expect(0)
        #expect(try idna(home, root)[0] == "3.7")

        // A further working tree of the repository shares the line, and keeps it while it has a link.
        _ = try git(home, "add", ".", in: top)
        let me = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
        try home.run("/usr/bin/git", me + ["commit", "-qm", "1"], in: top).expect(0)
        let further = home.path / "further"
        _ = try git(home, "worktree", "add", "-q", further.description, in: top)
        let other = further / "a project"
        try home.envd("wait", in: other).expect(0)
        #expect(!(try home.envd("link", in: other).expect(0).output.contains("git does not see it")))
        let undone = try home.envd("link", "--undo", in: root).expect(0).output
        #expect(undone == "removed `\(root / ".venv")`\n")
        #expect(try FileSystem.status(root / ".venv", followingLink: false) == nil)

        // `envd forget` takes the link away.
        let forgotten = try home.envd("forget", in: other).expect(0).output
        #expect(forgotten.contains("removed `\(other / ".venv")`") && forgotten.contains("its line in `\(exclude)`"))
        #expect(try FileSystem.status(other / ".venv", followingLink: false) == nil)
        #expect(String(decoding: try FileSystem.read(exclude), as: UTF8.self) == "mine\n")
        #expect(home.envd("link", "--undo", in: root).status == 1)

        try direnv(home, root)
    }

    /// direnv's own program, with `use envd` in a project.
    private func direnv(_ home: Home, _ root: Path) throws {
        let sources = ProcessEnvironment.path("ENVD_SOURCES") ?? Path(#filePath).parent.parent.parent
        let library = sources / "contrib/direnv/envd.sh"
        try home.write(root / ".envrc", "source \(library.shellWord)\nuse envd\nexport AFTER=1\n")
        try home.run("/usr/bin/direnv", ["allow", "."], in: root).expect(0)

        let export = try home.run("/usr/bin/direnv", ["export", "bash"], in: root).expect(0).output
        let number = try #require(try home.status(root).current).number
        #expect(export.contains("generations/\(number)"))
        let version = ["exec", ".", "python", "-c", "import importlib.metadata as m; print(m.version('idna'))"]
        #expect(try home.run("/usr/bin/direnv", version, in: root).expect(0).output == "3.7\n")

        // A switch is a reason to load anew, and so is the end of the permission; nothing else is.
        let script = """
            eval "$(direnv export bash)"
            direnv export bash 2>/dev/null | wc -c
            envd build >/dev/null; envd wait
            eval "$(direnv export bash)"; echo "$VIRTUAL_ENV"
            envd deny >/dev/null
            eval "$(direnv export bash)"; echo "${VIRTUAL_ENV-none} $AFTER"
            eval "$(direnv export bash)"
            envd allow >/dev/null; envd wait
            eval "$(direnv export bash)"; echo "${VIRTUAL_ENV##*/}"
            """
        let outcome = try home.run("/bin/bash", ["-c", script], in: root).expect(0)
        let store = try store(home, root)
        #expect(outcome.output == "0\n\(store / "generations/\(number + 1)")\nnone 1\n\(number + 1)\n")
        #expect(outcome.errors.contains("envd: error: `\(root)` is denied"))
        #expect(outcome.errors.contains("envd: hint: envd allow '\(root)'"))

        // Without envd it sleeps.
        let asleep = try home.run(
            "/usr/bin/direnv", ["exec", ".", "sh", "-c", "echo ${VIRTUAL_ENV-none} $AFTER"], in: root,
            with: ["PATH": "/usr/bin:/bin"]
        ).expect(0)
        #expect(asleep.output == "none 1\n" && asleep.errors.contains("envd is not installed"))
    }
}
