import EnvdCore
import EnvdShell
import EnvdSystem
import EnvdTestSupport
import Testing

extension Claim {
    /// What is left behind: nothing.
    static let leaving: [Claim] = [
        Claim("round-trip", .enterAndLeave, "leaving gives back the environment of before, byte for byte") { scene in
            let project = try scene.project()
            let session = try scene.session(
                environment: [
                    "PYTHONHOME": "/old home", "LD_LIBRARY_PATH": "/x:", "VIRTUAL_ENV": "/venv", "ODD": "a\nb\\'\"$x",
                    "VIRTUAL_ENV_PROMPT": "", "RAW": ByteString([0xff, 0x80]),
                ])
            let before = try session.environment()
            for _ in 1...3 {
                try session.silently("cd '\(project)'")
                #expect(try session.value("VIRTUAL_ENV") == "\(scene.prefix())")
                try session.silently("cd '\(scene.outside)'")
                #expect(try session.environment() == before)
            }
        },
        Claim("cycles", .enterAndLeave, "fifty enter/leave cycles leave PATH as long as it was") { scene in
            let project = try scene.project()
            let session = try scene.session()
            let before = try session.environment()
            let body = "cd '\(project)'; cd '\(scene.outside)'"
            let loop = scene.line("for i in {1..50}; do \(body); done", fish: "for i in (seq 50); \(body); end")
            try session.silently(loop)
            #expect(try session.environment() == before)
            try session.silently("cd '\(project)'")
            #expect(try session.value("PATH") == "\(scene.prefix())/bin:/usr/local/bin:/usr/bin:/bin")
        },
        Claim("subdirectory", .enterAndLeave, "a subdirectory of P changes nothing and prints nothing") { scene in
            let project = try scene.project()
            try FileSystem.makeDirectories(project / "a/b")
            let session = try scene.session(in: project)
            let inside = try session.environment()
            let calls = scene.world.calls.count
            try session.silently("cd a/b", "true", "cd ..", "cd ..", "cd ./a")
            #expect(try session.environment() == inside)
            #expect(scene.world.calls.count == calls)
        },
        Claim("into-subdirectory", .enterAndLeave, "a subdirectory of P that is entered straight from U has E") {
            scene in
            let project = try scene.project()
            try FileSystem.makeDirectories(project / "a/b/c/d/e/f/g/h")
            let session = try scene.session()
            let before = try session.environment()
            for place in ["a", "a/b/c/d/e/f/g/h"] {
                try session.silently("cd '\(project)/\(place)'")
                #expect(try session.program("python") == scene.python())
                try session.silently("cd '\(scene.outside)'")
                #expect(try session.environment() == before)
            }
        },
        Claim("removed", .enterAndLeave, "a project that is removed while one is in it is left with the next cd") {
            scene in
            let project = try scene.project()
            let session = try scene.session()
            let before = try session.environment()
            try session.silently("cd '\(project)'", "/bin/rm -r '\(project)'")
            try scene.world.withdraw(project)
            try session.run("cd '\(scene.outside)'")
            #expect(try session.environment() == before)
        },
        Claim("oldpwd", .enterAndLeave, "`cd -` and OLDPWD are what they are without envd") { scene in
            let project = try scene.project()
            try FileSystem.makeDirectories(scene.world.path / "real/sub")
            try FileSystem.replaceLink(project / "link", to: scene.world.path / "real")
            let session = try scene.session()
            try session.silently("cd '\(project)/link/sub'", "cd '\(scene.world.path)'")
            #expect(try session.output("cd - >/dev/null && pwd") == "\(project)/link/sub\n")
            if !scene.isFish {
                #expect(try session.output("printf '%s\\n' \"$OLDPWD\"") == "\(scene.world.path)\n")
                try session.silently("cd '\(scene.outside)'")
                #expect(try session.output("printf '%s\\n' \"$OLDPWD\"") == "\(project)/link/sub\n")
            }
        },
    ]

    /// From one project into another.
    static let nesting: [Claim] = [
        Claim("switch", .enterAndLeave, "P1 → P2 leaves no trace of P1") { scene in
            let (first, second) = (try scene.project("one"), try scene.project("two"))
            let session = try scene.session(environment: ["PYTHONHOME": "/old"])
            let before = try session.environment()
            try session.silently("cd '\(second)'")
            let direct = try session.environment()
            for _ in 1...2 {
                try session.silently("cd '\(first)'")
                #expect(try session.program("python") == scene.python("one"))
                try session.silently("cd '\(second)'")
                #expect(try session.environment() == direct)
            }
            try session.silently("cd '\(scene.outside)'")
            #expect(try session.environment() == before)
        },
        Claim("nested", .enterAndLeave, "a project nested in P replaces P, and P comes back after it") { scene in
            let outer = try scene.project("one")
            try scene.project("one/sub/nested")
            let session = try scene.session()
            let before = try session.environment()
            try session.silently("cd '\(outer)'")
            let inside = try session.environment()
            for _ in 1...2 {
                try session.silently("cd sub/nested")
                #expect(try session.program("python") == scene.python("nested"))
                #expect(try session.value("PATH")?.contains("gen-one") == false)
                try session.silently("cd ..")
                #expect(try session.environment() == inside)
                try session.silently("cd ..")
            }
            try session.silently("cd sub/nested", "cd '\(scene.outside)'")
            #expect(try session.environment() == before)
        },
        Claim("nested-unbuilt", .enterAndLeave, "an allowed project in P that has no environment yet is not P's") {
            scene in
            let outer = try scene.project()
            try scene.world.publish(Answer(root: outer / "unbuilt", generation: nil))
            let session = try scene.session()
            let before = try session.environment()
            try session.silently("cd '\(outer)'")
            let inside = try session.environment()
            try session.silently("cd unbuilt")
            #expect(try session.environment().ofTheUser == before)
            try session.silently("cd ..")
            #expect(try session.environment() == inside)
        },
    ]
}
