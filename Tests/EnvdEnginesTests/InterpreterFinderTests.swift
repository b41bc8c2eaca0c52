import EnvdCore
import EnvdEngines
import EnvdPackaging
import EnvdSystem
import EnvdTestSupport
import Testing

@Suite("Finding a Python")
struct InterpreterFinderTests {
    @Test("with uv and without it the real interpreter is found, never a link or a shim")
    func found() async throws {
        let workshop = try await Workshop()
        for uv in [workshop.engine, nil] {
            let found = try await InterpreterFinder(uv: uv, excluding: []).find(
                requiresPython: ["<4", ">=3.9"], context: workshop.context())
            #expect(try FileSystem.canonical(found.path) == found.path)
            let status = try #require(try FileSystem.status(found.path))
            #expect(status.inode == found.inode && status.device == found.device)
            #expect(PythonVersion(found.version).map { VersionSpecifiers([">=3.9"])?.contain($0) == true } == true)
        }
    }

    @Test("where none fits the message says what the machine has")
    func none() async throws {
        let workshop = try await Workshop()
        let told = try await workshop.failure {
            _ = try await InterpreterFinder(uv: workshop.engine, excluding: []).find(
                requiresPython: [">=3.99"], context: workshop.context())
        }
        #expect(told.message.hasPrefix("could not find a python for `>=3.99`: the machine has 3."))
        #expect(told.message.contains("(\(workshop.interpreter.path))"))
        #expect(told.hint?.hasPrefix("install a python that fits, or change `requires-python`") == true)
    }

    @Test("an interpreter of a project, of a generation or of any environment is not run")
    func excluded() async throws {
        let workshop = try await Workshop()
        let mark = workshop.directory.path / "ran"
        for place in ["project/bin", "venv/bin", "plain/bin"] {
            let file = try workshop.directory.write(
                "\(place)/python3",
                "#!/bin/sh\necho \(place) >> '\(mark)'\nexec '\(workshop.interpreter.path)' \"$@\"\n")
            try FileSystem.setMode(file, 0o755)
        }
        try workshop.directory.write("venv/pyvenv.cfg", "")
        let directories = ["project/bin", "venv/bin", "plain/bin"].map { (workshop.directory.path / $0).description }
        let context = try workshop.context(["PATH": ByteString(directories.joined(separator: ":") + ":/usr/bin:/bin")])
        let found = try await InterpreterFinder(uv: nil, excluding: [workshop.root]).find(
            requiresPython: [], context: context)
        #expect(found.path == workshop.interpreter.path)
        #expect(try FileSystem.read(mark) == Array("plain/bin\n".utf8))
    }

    @Test("pyenv's versions and those that uv installed are found without PATH, by what they say they are")
    func elsewhere() async throws {
        let workshop = try await Workshop()
        let home = workshop.directory.path / "home"
        for (place, version) in [
            (".pyenv/versions/3.90.1/bin/python3", "3.90.1"), (".pyenv/versions/3.91.0/bin/python3", "3.91.0"),
            (".local/share/uv/python/cpython-3.92.0-linux-x86_64-gnu/bin/python3.92", "3.92.0"),
        ] {
            let file = home / place
            try FileSystem.makeDirectories(file.parent)
            try FileSystem.replace(
                file, with: Array("#!/bin/sh\nprintf 'cpython\n\(version)\n\(file)\n'\n".utf8), mode: 0o755)
        }
        var context = try workshop.context(["PATH": "/usr/bin:/bin"])
        context.userEnvironment["PYENV_ROOT"] = nil
        context.home = home
        for (wish, version) in [(">=3.90,<3.92", "3.91.0"), ("==3.90.*", "3.90.1"), (">=3.92", "3.92.0")] {
            let found = try await InterpreterFinder(uv: nil, excluding: []).find(
                requiresPython: [wish], context: context)
            #expect(found.version == version)
        }
    }

    @Test("a wish that is no specifier is told")
    func nonsense() async throws {
        let workshop = try await Workshop()
        let told = try await workshop.failure {
            _ = try await InterpreterFinder(uv: nil, excluding: []).find(
                requiresPython: ["three"], context: workshop.context())
        }
        #expect(told.message == "could not read `three`: it is no version specifier")
    }
}
