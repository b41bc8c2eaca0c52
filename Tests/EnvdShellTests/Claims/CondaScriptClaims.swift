import EnvdCore
import EnvdShell
import EnvdSystem
import EnvdTestSupport
import Testing

extension Claim {
    /// activate.d and deactivate.d.
    static let condaScripts: [Claim] = [
        Claim(
            "scripts", .pythonAndConda, "activate.d is read ascending on entering, deactivate.d descending on leaving"
        ) {
            scene in
            let project = try scene.scripted(
                entering: [
                    ("a.sh", "export FIRST=\"a$FIRST\"; greet() { echo \"greeting $CONDA_PREFIX\"; }"),
                    ("b c.sh", "export FIRST=\"b$FIRST\""),
                ],
                leaving: [("z.sh", "unset -f greet; export TRACE=z$TRACE"), ("y.sh", "export TRACE=y$TRACE")])
            let session = try scene.session(environment: ["FIRST": "mine", "TRACE": "t"])
            var expected = try session.environment()
            try session.silently("cd '\(project)'")
            #expect(try session.output("greet") == "greeting \(scene.prefix())\n")
            #expect(try session.value("FIRST") == "bamine")
            try session.silently("cd '\(scene.outside)'")
            // Only what the scripts for leaving did themselves, in their order.
            expected["TRACE"] = "yzt"
            #expect(try session.environment() == expected)
            #expect(try session.output("command -v greet || :") == "")
        }.notIn(.fish, because: "it cannot read them, and gets the variables that were recorded"),
        Claim(
            "script-fails", .pythonAndConda,
            "a script that fails or trips over `set -u` leaves the shell alive, with one line"
        ) {
            scene in
            let project = try scene.scripted(
                entering: [
                    ("a.sh", "cd /; IFS=:; PATH=/script/bin:$PATH; : $NOT_SET_ANYWHERE; false"),
                    ("b.sh", "export FIRST=\"ba$FIRST\""), ("gone.sh", ""),
                ], leaving: [("y.sh", "export TRACE=y$TRACE; false")])
            try FileSystem.remove(scene.scripts / "gone.sh")
            let session = try scene.session(environment: ["FIRST": "mine", "TRACE": "t"])
            var expected = try session.environment()
            let said = try session.run("cd '\(project)'")
            #expect(said == "envd: \(scene.scripts)/a.sh ended with status 1\n")
            #expect(try session.output("pwd") == "\(project)\n")
            #expect(try session.value("FIRST") == "bamine")
            #expect(try session.value("PATH")?.hasPrefix("/script/bin:\(scene.prefix())/bin:") == true)
            #expect(try session.run("cd '\(scene.outside)'") == "envd: \(scene.scripts)/y.sh ended with status 1\n")
            expected["TRACE"] = "yt"
            #expect(try session.environment() == expected)
            // Never said twice.
            try session.silently("cd '\(project)'", "cd '\(scene.outside)'")
        }.notIn(.fish, because: "it cannot read them, and gets the variables that were recorded"),
        Claim(
            "script-options", .pythonAndConda,
            "scripts run without the user's strict options, which are there again after"
        ) {
            scene in
            let project = try scene.scripted(
                entering: [("a.sh", "export FIRST=\"ba${FIRST}$NOT_SET_ANYWHERE\"; ls /nowhere 2>/dev/null; true")],
                leaving: [])
            let session = try scene.session(environment: ["FIRST": "mine"])
            let read = scene.shell == .bash ? "set +o" : "setopt; unsetopt"
            let before = try session.output(read)
            try session.silently("cd '\(project)'")
            #expect(try session.value("FIRST") == "bamine")
            #expect(try session.output(read) == before)
        }.notIn(.fish, because: "it cannot read them, and gets the variables that were recorded"),
        Claim(
            "script-inherited", .pythonAndConda, "a shell that inherits what scripts did runs deactivate.d on leaving"
        ) {
            scene in
            let project = try scene.scripted(
                entering: [("a.sh", "export FIRST=\"ba$FIRST\"")], leaving: [("y.sh", "export TRACE=y$TRACE")])
            let inherited = try scene.session(in: project, environment: ["FIRST": "mine", "TRACE": "t"]).environment()
            #expect(inherited["FIRST"] == "bamine")
            let session = try scene.session(in: project, environment: inherited)
            #expect(try session.value("FIRST") == "bamine")
            try session.silently("cd '\(scene.outside)'")
            let after = try session.environment()
            #expect(after["FIRST"] == "mine")
            #expect(after["TRACE"]?.description.hasPrefix("y") == true)
            #expect(after.ofEnvd == [])
        }.notIn(.fish, because: "it cannot read them, and gets the variables that were recorded"),
        Claim("scripts-recorded", .pythonAndConda, "what the scripts do to variables arrives, and goes on leaving") {
            scene in
            let project = try scene.scripted(entering: [("a.sh", "export FIRST=\"ba$FIRST\"")], leaving: [])
            let session = try scene.session(environment: ["FIRST": "mine"])
            let before = try session.environment()
            for _ in 1...2 {
                try session.silently("cd '\(project)'")
                #expect(try session.value("FIRST") == "bamine")
                #expect(try session.program("python") == scene.python())
                try session.silently("cd '\(scene.outside)'")
                #expect(try session.environment() == before)
            }
        },
    ]
}

extension Scene {
    /// Where the scripts of `scripted` lie: as envd's own prefixes have them.
    var scripts: Path { world.path / "projects/p/generations/1/etc/conda/deactivate.d" }

    /// Publishes a conda project whose scripts put `/script/bin` before PATH and `ba` before FIRST, as far as they do.
    func scripted(entering: [(String, String)], leaving: [(String, String)]) throws -> Path {
        let files = try (entering + leaving).map { name, text in
            try world.directory.write("projects/p/generations/1/etc/conda/deactivate.d/\(name)", text + "\n")
        }
        let prefix = try world.prefix("gen-p-1")
        let first = try #require(VariableName("FIRST"))
        var delta = Delta(
            additions: [.init(variable: .path, entries: [(prefix / "bin").bytes])],
            assignments: [.init(variable: .condaPrefix, value: prefix.bytes)], conda: .init(variables: []))
        let changesPath = entering.contains { $0.1.contains("/script/bin") }
        delta.scripts = .init(
            entering: Array(files.prefix(entering.count)), leaving: Array(files.dropFirst(entering.count)),
            additions: changesPath ? [.init(variable: .path, entries: ["/script/bin"])] : [],
            extensions: [.init(variable: first, before: "ba", after: "", otherwise: "ba")])
        let root = world.path / "p"
        try world.publish(Answer(root: root, generation: GenerationNumber(1), delta: delta))
        return root
    }
}
