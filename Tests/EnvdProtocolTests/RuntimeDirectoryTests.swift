import EnvdControl
import EnvdCore
import EnvdProtocol
import EnvdSystem
import EnvdTestSupport
import Testing

@Suite("The runtime directory")
struct RuntimeDirectoryTests {
    @Test("it is made closed, and one that others could enter is closed")
    func modes() throws {
        let directory = try TemporaryDirectory()
        let runtime = RuntimeDirectory(directory.path / "run/envd")
        try runtime.prepare()
        #expect(try FileSystem.status(runtime.path)?.mode == 0o700)
        try FileSystem.setMode(runtime.path, 0o755)
        try runtime.prepare()
        #expect(try FileSystem.status(runtime.path)?.mode == 0o700)
    }

    @Test("a link in its place is refused")
    func link() throws {
        let directory = try TemporaryDirectory()
        try FileSystem.makeDirectories(directory.path / "elsewhere")
        try FileSystem.replaceLink(directory.path / "envd", to: directory.path / "elsewhere")
        #expect(throws: Diagnostic.self) { try RuntimeDirectory(directory.path / "envd").prepare() }
    }
}

@Suite("The control socket's frames")
struct ControlCodingTests {
    @Test("a call carries its method and parameters, and a failure its diagnostic")
    func calls() throws {
        let frame = try ControlCoding.call(Control.Status.self, Control.Status.Parameters(directory: "/p"))
        let text = String(decoding: frame, as: UTF8.self)
        // In whichever order.
        #expect(text.contains(#""method":"dev.envd.Control.Status""#) && text.count == 68, "\(text)")
        #expect(text.contains(#""parameters":{"directory":"/p"}"#), "\(text)")
        let call = try ControlCoding.Call(frame: frame)
        #expect(try call.parameters(Control.Status.Parameters.self).directory == "/p")

        let failure = Diagnostic("could not", at: .init(file: "/p", line: 3), hint: "do")
        let reply = ControlCoding.failure(failure)
        #expect(throws: failure) { try ControlCoding.value(ProjectStatus.self, ofReply: reply) }
    }

    @Test("a path that is no text survives JSON")
    func bytes() throws {
        let path = Path(ByteString([0x2f, 0xff]))
        let json = try ControlCoding.json(ProjectParameters(directory: path))
        #expect(try ControlCoding.decode(ProjectParameters.self, from: json).directory == path)
        // Over the wire it is a string, as varlink's types have it.
        let reply = try ControlCoding.reply(ProjectParameters(directory: path), continues: true)
        #expect(String(decoding: reply, as: UTF8.self).contains(#"{"directory":"\u00002fff"}"#))
        #expect(try ControlCoding.value(ProjectParameters.self, ofReply: reply).directory == path)
        #expect(ControlCoding.continues(afterReply: reply))
    }
}
