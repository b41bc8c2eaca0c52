package import EnvdCore
internal import EnvdSystem

/// A server of files on the loopback interface: its listings of directories are indexes of packages, as pip and uv take
/// them (PEP 503), and channels, as conda does.
package final class LoopbackIndex: Sendable {
    package let port: String
    private let server: Task<CommandResult, Never>

    private static let program = """
        import base64, functools, http.server, os, sys

        secrets = os.environ.get('SECRETS', '').split()
        basic = {'Basic ' + base64.b64encode(('me:' + secret).encode()).decode() for secret in secrets}

        class Handler(http.server.SimpleHTTPRequestHandler):
            def log_message(self, *words):
                pass
            def do_GET(self):
                words = self.path.split('/', 3)
                if words[1:2] == ['t'] and words[2] in secrets:
                    self.path = '/' + words[3]
                elif secrets and self.headers.get('Authorization') not in basic:
                    self.send_response(401)
                    self.send_header('WWW-Authenticate', 'Basic realm="private"')
                    self.end_headers()
                    return
                super().do_GET()

        handler = functools.partial(Handler, directory=sys.argv[1])
        with http.server.ThreadingHTTPServer(('127.0.0.1', 0), handler) as server:
            print('port', server.server_port, file=sys.stderr, flush=True)
            server.serve_forever()
        """

    /// - Parameter secrets: each a password of `me`, and a token; where there are any, one has to be known.
    package init(_ directory: Path, secrets: [String] = []) async throws {
        let (ports, found) = AsyncStream.makeStream(of: String.self)
        let command = Command(
            executable: "/usr/bin/env", arguments: ["python3", "-c", ByteString(Self.program), directory.bytes],
            environment: ["PATH": "/usr/bin:/bin", "SECRETS": ByteString(secrets.joined(separator: " "))],
            workingDirectory: "/", writable: nil)
        server = Task {
            let result = await PlainCommandRunner().run(command) { line in
                if line.hasPrefix("port ") { found.yield(String(line.dropFirst("port ".count))) }
            }
            found.finish()
            return result
        }
        var iterator = ports.makeAsyncIterator()
        guard let port = await iterator.next() else {
            throw Programs.Missing(description: "the server on the loopback interface does not start")
        }
        self.port = port
    }

    deinit { server.cancel() }

    /// Puts a wheel with one empty module below `simple/` of a directory.
    package static func publish(_ name: String, _ version: String = "1.0", in directory: Path) throws {
        let module = name.replacing("-", with: "_")
        let place = directory / "simple/\(name)"
        try FileSystem.makeDirectories(place, mode: 0o755)
        let wheel = """
            import sys, zipfile
            place, module, name, version = sys.argv[1:]
            stem = f'{module}-{version}'
            with zipfile.ZipFile(f'{place}/{stem}-py3-none-any.whl', 'w') as wheel:
                wheel.writestr(module + '.py', '')
                wheel.writestr(stem + '.dist-info/METADATA', f'Metadata-Version: 2.1\\nName: {name}\\nVersion: {version}\\n')
                wheel.writestr(stem + '.dist-info/WHEEL', 'Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n')
                wheel.writestr(stem + '.dist-info/RECORD', f'{module}.py,,\\n')
            """
        let command = Command(
            executable: "/usr/bin/env",
            arguments: [
                "python3", "-c", ByteString(wheel), place.bytes, ByteString(module), ByteString(name),
                ByteString(version),
            ], environment: ["PATH": "/usr/bin:/bin"], workingDirectory: "/", writable: nil)
        let result = PlainCommandRunner.runBlocking(command, within: 60)
        guard result.succeeded else {
            throw Programs.Missing(description: String(decoding: result.standardError, as: UTF8.self))
        }
    }
}
