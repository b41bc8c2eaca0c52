import EnvdCore
import EnvdSystem
import EnvdTestSupport
import Foundation
import Testing

@Suite("An interface for other programs")
struct VarlinkTests {
    static let package: [ByteString] = ["varlink==31.0.0"]

    @Test("varlink's own client and tool can call every method, watch an edit, and every reply is what the file says")
    func everyMethod() async throws {
        let home = try Home()
        // Answers, and so has started the daemon.
        home.envd("status", "--all")
        let root = try home.project("p", files: ["pyproject.toml": "[project]\nname = \"p\"\nversion = \"1\"\n"])
        try FileSystem.makeDirectories(home.path / "other")
        let given = [
            "root": root.description, "other": "\(home.path / "other")", "socket": "\(home.runtime / "control")",
        ]
        let output = try await PythonReference.run(
            VarlinkClient.program, input: Array(try JSONEncoder().encode(given)), workingDirectory: root,
            with: Self.package)
        let claims = String(decoding: output, as: UTF8.self)
        #expect(
            claims == """
                info: ["envd", "envd", ["org.varlink.service", "dev.envd.Control"]]
                tool info: true
                tool help: true
                tool call: []
                dry run: true
                before: [true, "not allowed"]
                edit: [true, "ready"]
                tool watch: true
                failed: ["Failed", {"message": "could not find `/nowhere`: no such file or directory"}]
                no parameters: ["InvalidParameter", {"parameter": "directory"}]
                wrong type: ["InvalidParameter", {"parameter": "directory"}]
                wrong inside: ["InvalidParameter", {"parameter": "variables.0.1"}]
                relative: ["InvalidParameter", {"parameter": "directory"}]
                method: ["MethodNotFound", {"method": "dev.envd.Control.Nope"}]
                interface: ["InterfaceNotFound", {"interface": "com.example"}]
                description: ["InterfaceNotFound", {"interface": "com.example"}]
                more: ["ExpectedMore", {}]
                upgrade: ["MethodNotImplemented", {"method": "dev.envd.Control.Status"}]
                negative: ["InvalidParameter", {"parameter": "kept"}]
                oneway: false
                odd: true
                end: false
                slow: true
                gone: true
                methods: \(try methods())

                """)
    }

    /// The verbs that the code has, as Python prints a list of them.
    private func methods() throws -> String {
        let sources = ProcessEnvironment.path("ENVD_SOURCES") ?? Path(#filePath).parent.parent.parent
        let files = try FileSystem.list(sources / "Sources/EnvdControl").filter { $0.description.hasSuffix(".swift") }
        var names: [String] = []
        for file in files {
            let text = String(
                decoding: try FileSystem.read((sources / "Sources/EnvdControl").appending(Path(file))), as: UTF8.self)
            names += text.matches(of: /package enum (\w+): ControlMethod/).map { String($0.output.1) }
        }
        let own = names.filter { !["GetInfo", "GetInterfaceDescription"].contains($0) }.sorted()
        return "[" + own.map { "\"\($0)\"" }.joined(separator: ", ") + "]"
    }

    @Test("the interface file lists every word that a state or a kind may be")
    func words() throws {
        let sources = ProcessEnvironment.path("ENVD_SOURCES") ?? Path(#filePath).parent.parent.parent
        let file = String(
            decoding: try FileSystem.read(sources / "contrib/varlink/dev.envd.Control.varlink"), as: UTF8.self)
        let lists = [
            ("State", "EnvdControl/StatusReport.swift", 9), ("Kind", "EnvdControl/GarbageReport.swift", 7),
            ("Way", "EnvdControl/GarbageReport.swift", 6), ("Kind", "EnvdCore/CodeSource.swift", 14),
            ("Layer", "EnvdCore/PackageSet.swift", 3), ("TrustMode", "EnvdCore/TrustGrant.swift", 2),
        ]
        for (type, source, count) in lists {
            let code = String(decoding: try FileSystem.read(sources / "Sources/\(source)"), as: UTF8.self)
            let body = try #require(
                code.split(separator: "package enum \(type): String").last?.split(separator: "}").first)
            let words = body.matches(of: /case ([\w, ]+?)(?: = "([^"]+)")?\n/).flatMap { match in
                match.output.2.map { [String($0)] } ?? match.output.1.split(separator: ", ").map(String.init)
            }
            #expect(words.count >= count, "\(source): \(words)")
            for word in words {
                // In a comment, or one of an enumeration.
                let place = try Regex("`\(word)`|[(,]\\s*\(word)[,\\s)]")
                #expect(file.contains(place), "\(word)")
            }
        }
    }
}
