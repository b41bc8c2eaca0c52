import EnvdCore
import EnvdEngines
import EnvdPackaging
import Testing

@Suite("Versions")
struct VersionTests {
    @Test(
        "specifiers hold as PEP 440 says",
        arguments: [
            (">=3.11", "3.11.0", true), (">=3.11", "3.10.14", false), ("<3.13", "3.12.9", true),
            ("<3.13", "3.13.0", false), ("<3.13", "3.13.0rc1", false), (">3.11", "3.11.2", true),
            ("==3.11", "3.11.2", false), ("==3.11", "3.11.0", true), ("==3.11.*", "3.11.2", true),
            ("==3.11.*", "3.1.1", false), ("!=3.11.*", "3.11.2", false), ("!=3.11.2", "3.11.3", true),
            ("~=3.11", "3.13.0", true), ("~=3.11", "4.0", false), ("~=3.11.2", "3.11.9", true),
            ("~=3.11.2", "3.12.0", false), ("===3.11.2", "3.11.2", true), ("<=3.11", "3.11.0", true),
            ("<=3.11", "3.11.1", false), (">=3.13", "3.13.0rc1", false), (">=3.9,<4", "3.13.1", true),
            ("", "3.8.0", true),
        ])
    func specifiers(text: String, version: String, holds: Bool) throws {
        let specifiers = try #require(VersionSpecifiers([text]))
        #expect(specifiers.contain(try #require(PythonVersion(version))) == holds)
    }

    @Test("versions are ordered as PEP 440 says")
    func order() throws {
        let ordered = ["1.0.dev1", "1.0a1", "1.0b2", "1.0rc1", "1.0", "1.0.post1", "1.0.1", "1.10"]
        let versions = try ordered.map { try #require(PythonVersion($0)) }
        #expect(versions.sorted() == versions)
        #expect(PythonVersion("1.0") == PythonVersion("1.0.0"))
    }

    @Test("what is no specifier is refused", arguments: ["3.11", ">=", "=>3", "~=3", ">=3.*", ">=x"])
    func refused(text: String) { #expect(VersionSpecifiers([text]) == nil) }
}

@Suite("Requirements files that engines write")
struct RequirementsTextTests {
    private let environment = MarkerEnvironment(
        interpreter: Interpreter(path: "/usr/bin/python3.11", version: "3.11.2", device: 1, inode: 1),
        machine: "x86_64")

    @Test("hashed lines, local paths and repositories go their ways")
    func split() {
        let text = """
            # by an engine
            Idna_X==3.20 ; python_version >= '3.8' \\
                --hash=sha256:aa \\
                --hash=sha256:bb
                # via demo
            colorama==0.4.6 ; sys_platform == 'win32' \\
                --hash=sha256:cc
            -e ../EP
            ./a b
            thing @ git+https://user:secret@host/x/y.git@0123
            wheel-x @ https://host/w.whl --hash=sha256:dd
            """
        let resolution = RequirementsText(text).resolution(relativeTo: "/p/q", environment: environment)
        #expect(
            resolution.hashed == """
                Idna_X==3.20 \\
                    --hash=sha256:aa \\
                    --hash=sha256:bb
                wheel-x @ https://host/w.whl \\
                    --hash=sha256:dd

                """)
        #expect(
            resolution.unhashed == """
                -e file:///p/EP
                file:///p/q/a%20b
                thing @ git+https://user:secret@host/x/y.git@0123

                """)
        #expect(
            resolution.packages == [
                "idna-x": "3.20", "thing": "git+https://host/x/y.git@0123", "wheel-x": "https://host/w.whl",
            ])
    }

    @Test(
        "markers are judged where they ask for the platform and the version",
        arguments: [
            ("python_version < '3.11'", false), ("python_full_version >= '3.11' and sys_platform == 'linux'", true),
            ("(sys_platform == 'win32' or os_name == 'posix') and platform_machine != 'arm64'", true),
            ("platform_machine in 'x86_64 aarch64'", true), ("'linux' not in sys_platform", false),
            ("extra == 'x'", nil), ("extra == 'x' and sys_platform == 'win32'", false),
            ("implementation_name == \"cpython\"", true), ("python_version ==", nil),
        ] as [(String, Bool?)])
    func markers(marker: String, holds: Bool?) { #expect(environment.holds(marker) == holds) }

    @Test("variables of an index are put in, others stay as written")
    func variables() {
        let expanded = IndexOptions.expanded("https://${USER_1}:${TOKEN}@h/${lower}", ["USER_1": "me"])
        #expect(expanded == "https://me:${TOKEN}@h/${lower}")
    }
}
