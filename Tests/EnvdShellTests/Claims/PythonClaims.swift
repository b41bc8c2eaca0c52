import EnvdCore
import EnvdShell
import EnvdSystem
import EnvdTestSupport
import Testing

extension Claim {
    /// What a Python environment means.
    static let python: [Claim] = [
        Claim(
            "python-layer", .pythonAndConda,
            "VIRTUAL_ENV and VIRTUAL_ENV_PROMPT are set, bin is first, PYTHONHOME hidden"
        ) {
            scene in
            let project = try scene.project()
            let session = try scene.session(environment: ["PYTHONHOME": "/old"])
            try session.silently("cd '\(project)'")
            let inside = try session.environment()
            #expect(inside["VIRTUAL_ENV"] == scene.prefix().bytes)
            #expect(inside["VIRTUAL_ENV_PROMPT"] == "gen-p-1")
            #expect(inside["UV_PROJECT_ENVIRONMENT"] == scene.prefix().bytes)
            #expect(inside["PATH"] == (scene.prefix() / "bin").bytes + ":/usr/local/bin:/usr/bin:/bin")
            #expect(inside["PYTHONHOME"] == nil)
            try session.silently("cd '\(scene.outside)'")
            #expect(try session.value("PYTHONHOME") == "/old")
        },
        Claim("venv-inside", .pythonAndConda, "a `source other/bin/activate` inside P survives leaving P") { scene in
            let project = try scene.project()
            let other = try scene.venv()
            let session = try scene.session()
            try session.silently("cd '\(project)'", scene.activate(other))
            #expect(try session.program("python") == "\(other)/bin/python")
            try session.silently("cd '\(scene.outside)'")
            #expect(try session.program("python") == "\(other)/bin/python")
            #expect(try session.value("VIRTUAL_ENV") == "\(other)")
            #expect(try session.value("PATH") == "\(other)/bin:/usr/local/bin:/usr/bin:/bin")
        },
        Claim(
            "venv-ended-inside", .pythonAndConda,
            "a venv that is activated and deactivated inside P leaves P's E active"
        ) {
            scene in
            let project = try scene.project()
            let other = try scene.venv()
            let session = try scene.session()
            let before = try session.environment()
            try session.silently("cd '\(project)'")
            let inside = try session.value("PATH")
            try session.silently(scene.activate(other), "deactivate")
            #expect(try session.value("PATH") == inside)
            try session.silently("cd '\(scene.outside)'")
            #expect(try session.environment().withoutPrompt == before.withoutPrompt)
        },
        Claim(
            "venv-ended-outside", .pythonAndConda,
            "a venv that is activated inside P and deactivated outside leaves no trace"
        ) {
            scene in
            let project = try scene.project()
            let other = try scene.venv()
            let session = try scene.session()
            let before = try session.environment()
            try session.silently("cd '\(project)'", scene.activate(other), "cd '\(scene.outside)'", "deactivate")
            #expect(try session.environment().withoutPrompt == before.withoutPrompt)
        }.failing(in: .bash, "venv's `deactivate` puts back the PATH that it found, with E in it")
            .failing(in: .zsh, "venv's `deactivate` puts back the PATH that it found, with E in it")
            .failing(in: .fish, "venv's `deactivate` puts back the PATH that it found, with E in it"),
        Claim(
            "venv-outside", .pythonAndConda, "a venv that is active outside gives way to E, and is active again after"
        ) {
            scene in
            let project = try scene.project()
            let other = try scene.venv()
            let session = try scene.session()
            let clean = try session.environment()
            try session.silently(scene.activate(other))
            let before = try session.environment()
            try session.silently("cd '\(project)'")
            #expect(try session.program("python") == scene.python())
            #expect(try session.value("VIRTUAL_ENV") == "\(scene.prefix())")
            try session.silently("cd '\(scene.outside)'")
            #expect(try session.environment().withoutPrompt == before.withoutPrompt)
            try session.silently("deactivate")
            #expect(try session.environment().withoutPrompt == clean.withoutPrompt)
        },
    ]
}

/// Made once: nobody changes it.
private let sharedVenv = Result<TemporaryDirectory, any Error> {
    let directory = try TemporaryDirectory("venv")
    let maker = try Terminal(
        ["/usr/bin/python3", "-m", "venv", "--without-pip", "\(directory.path)/other"], environment: [:],
        workingDirectory: directory.path)
    #expect(try maker.waitForExit(within: 240) == 0)
    return directory
}

extension Scene {
    /// A virtual environment as `python -m venv` makes it, without pip.
    func venv() throws -> Path { try sharedVenv.get().path / "other" }

    func activate(_ prefix: Path) -> String { ". '\(prefix)/bin/activate\(isFish ? ".fish" : "")'" }
}

extension [ByteString: ByteString] {
    /// Without what venv's own script exports.
    fileprivate var withoutPrompt: Self { filter { $0.key != "PS1" } }
}
