import EnvdCore
import EnvdProtocol
import Testing

@Suite("The hook's messages")
struct HookMessageTests {
    @Test("a request arrives as it was sent, whatever its bytes", arguments: [1, 10, 4711, .max])
    func roundTrip(process: Int32) throws {
        let request = HookRequest(
            verb: .ask, shell: "fish", process: process, directory: Path(ByteString([0x2f, 0xff, 0x0a, 0x3d])),
            environment: ["PATH": "/a:/b", "EMPTY": "", "EQUALS": "a=b", "BYTES": ByteString([0xfe, 0x0a, 0x5c])])
        let frame = request.encoded
        let length = try #require(HookRequest.announcedLength(frame))
        #expect(length == frame.count - 4)
        #expect(HookRequest(body: Array(frame[4...])) == request)
    }

    @Test(
        "nonsense is refused",
        arguments: [
            [], [0], Array("1\0ask\0bash\0".utf8), Array("9\0ask\0bash\01\0/\0".utf8),
            Array("1\0run\0bash\01\0/\0".utf8),
            Array("1\0ask\0bash\0x\0/\0".utf8), Array("1\0ask\0bash\01\0/\0noequals\0".utf8),
            Array("1\0ask\0bash\01\0/".utf8), Array("1\0ask\0bash\00\0/\0".utf8), Array("1\0ask\0bash\0-23\0/\0".utf8),
        ] as [[UInt8]])
    func nonsense(body: [UInt8]) {
        #expect(HookRequest(body: body) == nil)
    }

    @Test("one of a version that is not served is known as such, whatever follows; nonsense is not")
    func otherVersion() {
        #expect(HookRequest.isOfAnotherVersion(Array("2\0ask\0and more\0".utf8)))
        #expect(HookRequest.isOfAnotherVersion(Array("99\0".utf8)))
        for nonsense in ["1\0run\0", "\0ask\0", "x\0ask\0", "2", ""] {
            #expect(!HookRequest.isOfAnotherVersion(Array(nonsense.utf8)), "\(nonsense)")
        }
    }

    @Test("a short frame announces nothing yet")
    func short() {
        #expect(HookRequest.announcedLength([1, 0, 0]) == nil)
        #expect(HookRequest.announcedLength([1, 1, 0, 0]) == 257)
    }
}

@Suite("What shells hand over")
struct HandedEnvironmentTests {
    private let shell: [ByteString: ByteString] = [
        "PATH": "/g/3/bin:/venv/bin:/usr/bin::/bin", "ENVD_UNDO": "3;PATH+/g/3/bin~", "VIRTUAL_ENV": "/venv",
        "UV_INDEX_URL": "u", "PIP_INDEX_URL": "p", "https_proxy": "x", "AWS_SECRET_ACCESS_KEY": "s",
        "PRIVATE_TOKEN": "t",
        "UV_PROJECT_ENVIRONMENT": "/g/3", "CONDA_PREFIX": "/c", "CONDARC": "/r",
    ]

    @Test("secrets that no engine needs stay in the shell")
    func selection() {
        let handed = HandedEnvironment.selected(from: shell)
        #expect(Set(handed.keys) == ["PATH", "UV_INDEX_URL", "PIP_INDEX_URL", "https_proxy", "CONDARC"])
        // What a manifest wants is sent by name.
        #expect(HandedEnvironment.cleaned(["PRIVATE_TOKEN": "t"]) == ["PRIVATE_TOKEN": "t"])
    }

    @Test("no directory of an active environment is left in PATH, and no empty element")
    func path() {
        #expect(HandedEnvironment.selected(from: shell)["PATH"] == "/usr/bin:/bin")
    }
}
