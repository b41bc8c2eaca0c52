import EnvdCore
import EnvdEngines
import EnvdManifest
import EnvdSystem
import EnvdTestSupport
import Testing

@Suite("An index of a Poetry project's own")
struct PoetryIndexTests {
    /// Serves a directory of wheels as a simple index (PEP 503) to those who know the password.
    private static let server = """
        import base64, hashlib, http.server, os, sys
        wheels, told = sys.argv[1:]
        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *arguments): pass
            def do_HEAD(self): self.do_GET()
            def do_GET(self):
                wanted = "Basic " + base64.b64encode(b"a user:p@ss/word").decode()
                if self.headers.get("Authorization") != wanted:
                    self.send_response(401)
                    self.send_header("WWW-Authenticate", 'Basic realm="x"')
                    self.send_header("Content-Length", "0")
                    return self.end_headers()
                parts = [part for part in self.path.split("/") if part]
                names = sorted(os.listdir(wheels))
                status, kind, body = 404, "text/html", b""
                if parts and parts[0] == "files":
                    status, kind, body = 200, "application/zip", open(os.path.join(wheels, parts[1]), "rb").read()
                elif len(parts) == 2:
                    found = [n for n in names if n.split("-")[0].replace("_", "-").lower() == parts[1]]
                    rows = ["<a href='/files/%s#sha256=%s'>%s</a>" % (
                        n, hashlib.sha256(open(os.path.join(wheels, n), "rb").read()).hexdigest(), n) for n in found]
                    status, body = 200 if found else 404, "".join(rows).encode()
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if self.command == "GET": self.wfile.write(body)
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        with open(told + ".new", "w") as file: file.write(str(server.server_port))
        os.rename(told + ".new", told)
        server.serve_forever()
        """

    @Test("is asked with the credentials that its user gave Poetry, which reach no log and no resolution")
    func credentials() async throws {
        let project = try await PoetryProject()
        let workshop = project.workshop
        let wheels = workshop.directory.path / "wheels"
        let fetched = await PlainCommandRunner().run(
            Command(
                executable: "/usr/bin/env",
                arguments: ["python3", "-m", "pip", "download", "-q", "--no-deps", "-d", wheels.bytes, "six"],
                environment: ProcessEnvironment.all(), workingDirectory: "/", writable: nil), onLine: { _ in })
        try #require(fetched.succeeded)
        let told = workshop.directory.path / "port"
        let serving = Task {
            await PlainCommandRunner().run(
                Command(
                    executable: workshop.interpreter.path,
                    arguments: ["-I", "-c", ByteString(Self.server), wheels.bytes, told.bytes],
                    environment: ["PATH": "/usr/bin:/bin"], workingDirectory: "/", writable: nil), onLine: { _ in })
        }
        defer { serving.cancel() }
        try FileEvents.wait(in: workshop.directory.path, for: "port") { FileSystem.exists(told) }
        let port = String(decoding: try FileSystem.read(told), as: UTF8.self)
        try workshop.write(
            "pyproject.toml",
            """
            [tool.poetry]
            package-mode = false
            [tool.poetry.dependencies]
            python = "^3.9"
            six = "*"
            [[tool.poetry.source]]
            name = "my-own"
            url = "http://127.0.0.1:\(port)/simple/"
            priority = "primary"
            """)
        var context = try project.context()
        context.cache = workshop.directory.path / "cache"
        context.userEnvironment["NO_PROXY"] = "127.0.0.1"
        context.userEnvironment["POETRY_HTTP_BASIC_MY_OWN_USERNAME"] = "a user"
        context.userEnvironment["POETRY_HTTP_BASIC_MY_OWN_PASSWORD"] = "p@ss/word"
        let (prefix, resolution) = try await project.build(context: context)
        #expect(try await project.list(prefix).map { $0.prefix { $0 != "=" } } == ["six"])
        #expect(!(resolution.hashed + resolution.unhashed).contains("127.0.0.1"))
        #expect(!workshop.said.contains { $0.contains("p@ss") || $0.contains("p%40ss") })
        context.userEnvironment["POETRY_HTTP_BASIC_MY_OWN_PASSWORD"] = "wrong"
        context.cache = workshop.directory.path / "other-cache"
        let closed = context
        let failure = try await workshop.failure { _ = try await project.build(2, context: closed) }
        #expect(failure.message.contains("the index refuses"))
        #expect(failure.hint?.contains("POETRY_HTTP_BASIC_") == true)
    }
}
