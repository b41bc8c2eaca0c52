import EnvdCore
import EnvdEngines
import EnvdManifest
import EnvdSystem
import EnvdTestSupport
import Testing

@Suite("What uv's failures tell")
struct UvFailureTests {
    @Test("a package that does not exist is named, with its line")
    func unknown() async throws {
        let workshop = try await Workshop()
        try workshop.write(
            "pyproject.toml",
            "[project]\nname = \"demo\"\nversion = \"1\"\ndependencies = [\n  \"six\",\n  \"envd-no-such-package\",\n]\n"
        )
        let told = try await workshop.failure {
            _ = try await workshop.resolve(.pyproject(["envd-no-such-package", "six"]))
        }
        #expect(
            told.message == "could not resolve `pyproject.toml`: `envd-no-such-package` is not on the package index")
        #expect(told.hint == "check the name in pyproject.toml")
        #expect(told.location == .init(file: workshop.root / "pyproject.toml", line: 6))
    }

    @Test("without a network the hint is the network")
    func noNetwork() async throws {
        let workshop = try await Workshop()
        try workshop.write("requirements.txt", "idna\n")
        let context = try workshop.offline(cache: workshop.directory.path / "cache")
        let told = try await workshop.failure { _ = try await workshop.resolve(.requirements(["idna"]), context) }
        #expect(told.message.contains("http://127.0.0.1:9/simple/idna/"))
        #expect(told.message.contains("onnection refused"))
        #expect(told.hint?.hasPrefix("check the network or proxy") == true)
        let hashed = "idna==3.4 --hash=sha256:90b77e79eaa3eba6de819a0c442c0b4ceefc341a7a2ab77d7562bf49f425c5c2\n"
        let install = try await workshop.failure {
            try await workshop.install(
                Resolution(hashed: hashed, unhashed: "", packages: [:]), .requirements(["idna"]), as: 1, context)
        }
        #expect(install.hint?.hasPrefix("check the network or proxy") == true)
        #expect(told.needsNetwork == true && install.needsNetwork == true)
    }

    @Test(
        "a server in trouble is as good as none; one that refuses, or has not the file, is not",
        arguments: [
            ("HTTP status server error (503 Service Unavailable) for url (http://h/simple/idna/)", true),
            ("HTTP status client error (429 Too Many Requests) for url (http://h/simple/idna/)", true),
            ("HTTP status client error (404 Not Found) for url (http://h/idna-3.4-py3-none-any.whl)", false),
            ("HTTP status client error (403 Forbidden) for url (http://h/simple/idna/)", false),
        ])
    func servers(cause: String, isNetwork: Bool) {
        let words = "error: Failed to fetch: `http://h/simple/idna/`\n  Caused by: \(cause)\n"
        let told = UvFailure(Array(words.utf8)).diagnostic(
            "resolve", "requirements.txt", manifest: "/p/requirements.txt", workingDirectory: "/p")
        #expect((told.needsNetwork == true) == isNetwork, "\(told)")
    }

    @Test("requirements that exclude each other are told as uv tells them")
    func conflict() async throws {
        let workshop = try await Workshop()
        try workshop.write("requirements.txt", "six==1.15.0\nsix==1.16.0\n")
        let told = try await workshop.failure { _ = try await workshop.resolve(.requirements(["six==1.15.0"])) }
        #expect(told.message == "could not resolve `requirements.txt`: because you require six==1.15.0 and six==1.16.0")
    }

    @Test("a syntax error is at its file and line")
    func syntax() async throws {
        let workshop = try await Workshop()
        try workshop.write("requirements.txt", "six\n-r more.txt\n")
        try workshop.write("more.txt", "# one\nidna==\n")
        let told = try await workshop.failure { _ = try await workshop.resolve(.requirements([])) }
        #expect(told.location == .init(file: workshop.root / "more.txt", line: 2))
        try workshop.write("pyproject.toml", "[project]\nname = \"demo\"\nversion = [\n")
        let toml = try await workshop.failure { _ = try await workshop.resolve(.pyproject([])) }
        #expect(toml.location?.file == workshop.root / "pyproject.toml")
        #expect(toml.location?.line != nil)
    }

    @Test("a file that is not the locked one is refused, and the package named")
    func mismatch() async throws {
        let workshop = try await Workshop()
        let wrong = "six==1.16.0 --hash=sha256:\(String(repeating: "1", count: 64))\n"
        let told = try await workshop.failure {
            try await workshop.install(
                Resolution(hashed: wrong, unhashed: "", packages: [:]), .requirements(["six"]), as: 1)
        }
        #expect(
            told.message.hasPrefix("could not install `six==1.16.0`: the file that the index serves is not the one"))
    }

    @Test("a build that fails shows what the backend said last")
    func build() async throws {
        let workshop = try await Workshop()
        try workshop.write(
            "pyproject.toml",
            """
            [project]
            name = "demo"
            version = "1"
            [build-system]
            requires = ["setuptools"]
            build-backend = "setuptools.build_meta"
            """)
        try workshop.write("setup.py", "raise RuntimeError('the backend is sad')\n")
        let layer = PythonLayer.pyproject([], project: EditableProject(name: "demo", metadata: .table([:])))
        let told = try await workshop.failure {
            try await workshop.install(Resolution(hashed: "", unhashed: "", packages: [:]), layer, as: 1)
        }
        #expect(told.message == "could not build `demo`: RuntimeError: the backend is sad")
        #expect(told.hint?.contains("File \"<string>\", line 1") == true)
    }

    @Test("a setup.py that cannot be run is told with its line")
    func setupScript() async throws {
        let workshop = try await Workshop()
        for (line, cause) in [
            ("setup(install_requires=[')", "SyntaxError"), ("import envd_nothing", "ModuleNotFoundError"),
        ] {
            try workshop.write("setup.py", "from setuptools import setup\n\n\(line)\nsetup(name='x')\n")
            let layer = try ManifestReader.read(workshop.root).spec.get().python
            let told = try await workshop.failure { _ = try await workshop.resolve(layer) }
            #expect(told.message.contains(cause), "\(told)")
            #expect(told.location == .init(file: workshop.root / "setup.py", line: 3), "\(told)")
        }
    }

    @Test("a cancelled build says so and is no failure")
    func cancelled() async throws {
        let workshop = try await Workshop()
        // The index takes the connection and never answers.
        let listener = try SilentPort()
        try workshop.write("requirements.txt", "idna\n")
        let context = try workshop.context(
            // Patient for longer than a loaded machine may keep this test from its turn.
            ["UV_DEFAULT_INDEX": ByteString("http://127.0.0.1:\(listener.number)/simple"), "UV_HTTP_TIMEOUT": "86400"],
            cache: workshop.directory.path / "cache")
        let build = Task { try await workshop.resolve(.requirements(["idna"]), context) }
        await listener.connected()
        build.cancel()
        let told = try await workshop.failure { _ = try await build.value }
        #expect(told.isCancellation)
        #expect(told.message == "could not resolve `requirements.txt`: it was cancelled")
    }

    @Test("an engine that is not there is told")
    func missing() async throws {
        let workshop = try await Workshop()
        try workshop.write("requirements.txt", "idna\n")
        let told = try await workshop.failure {
            _ = try await UvEngine(executable: "/nonexistent/uv", version: "1").resolve(
                .requirements(["idna"]), root: workshop.root, interpreter: workshop.interpreter, preferring: nil,
                context: workshop.context())
        }
        #expect(told.message == "could not run `/nonexistent/uv`: no such file or directory")
    }

    @Test("the words of older versions are read too")
    func older() {
        let text = """
              \u{1B}[31m×\u{1B}[0m No solution found when resolving dependencies:
              ╰─▶ Because nope was not found in the package registry and you
                  require nope, we can conclude that your requirements are
                  unsatisfiable.
            """
        let told = UvFailure(Array(text.utf8)).diagnostic(
            "resolve", "pyproject.toml", manifest: "/p/pyproject.toml", workingDirectory: "/")
        #expect(
            told.message
                == "could not resolve `pyproject.toml`: `nope` is not on the package index"
        )
        #expect(told.hint == "check the name in pyproject.toml")
    }
}
