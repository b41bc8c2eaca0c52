import EnvdCore
import EnvdShell
import EnvdSystem
import EnvdTestSupport
import Testing

extension Claim {
    private static let readAll = [
        Shell.bash: "printf '<%s>' \"${PIPESTATUS[@]}\"", .zsh: "printf '<%s>' \"${pipestatus[@]}\"",
        .fish: "printf '<%s>' $pipestatus",
    ]
    private static let ends = "an error ends the shell"

    /// What a user reads of the last command.
    static let statuses: [Claim] = [
        Claim("status", .shells, "`$?` is kept by prompts, moves and a new environment") { scene in
            let project = try scene.project()
            let session = try scene.session()
            let read = scene.line("echo \"<$?>\"", fish: "echo \"<$status>\"")
            try session.silently("false")
            #expect(try session.run(read) == "<1>\n")
            try session.silently("sh -c 'exit 7'")
            try scene.world.bumpState()
            #expect(try session.run(read) == "<7>\n")
            try session.silently("cd '\(project)'; sh -c 'exit 9'")
            try scene.project("p", generation: 2)
            try session.silently("sh -c 'exit 9'")
            #expect(try session.run(read) == "<9>\n")
            try session.silently("cd '\(scene.outside)'")
            #expect(try session.run(read) == "<0>\n")
        }.notUnder("strict", because: ends),
        Claim("pipestatus", .shells, "PIPESTATUS is kept by prompts, moves and a new environment") { scene in
            let project = try scene.project()
            let session = try scene.session()
            let read = try #require(readAll[scene.shell])
            // bash's `set -e` knows of `!`, pipelines that fail end the shell.
            try session.silently("cd '\(project)'; false | true | false")
            #expect(try session.run(read) == "<1><0><1>")
            try scene.project("p", generation: 2)
            try session.silently("true | false | true")
            #expect(try session.run(read) == "<0><1><0>")
        }.notUnder("strict", because: ends),
        Claim("last-word", .shells, "`$_` is kept by prompts and moves") { scene in
            let project = try scene.project()
            try FileSystem.makeDirectories(project / "sub")
            let session = try scene.session()
            try session.silently("cd '\(project)'", ": first second")
            #expect(try session.run("echo $_") == "second\n")
            #expect(try session.run("cd '\(project)/sub' && echo $_") == "\(project)/sub\n")
            #expect(try session.run("cd '\(scene.outside)' && echo $_") == "\(scene.outside)\n")
            try session.silently("true last")
            try scene.project("p", generation: 2)
            #expect(try session.run("echo $_") == "last\n")
        }.notIn(.fish, because: "its `$_` is the command that runs"),
        Claim("cd-status", .shells, "cd's status is cd's: 0 for a move that switches, `&&` and `||` work on it") {
            scene in
            let project = try scene.project()
            let session = try scene.session()
            let read = scene.line(
                "cd '\(project)' && echo in || echo no", fish: "cd '\(project)'; and echo in; or echo no")
            #expect(try session.run(read) == "in\n")
            #expect(try session.run(read.replacing("'\(project)'", with: "/nowhere-at-all 2>/dev/null")) == "no\n")
            try session.silently("cd '\(scene.outside)'")
            #expect(
                try session.run(
                    scene.line("false || cd '\(project)'; echo $?", fish: "false; or cd '\(project)'; echo $status"))
                    == "0\n")
        },
        Claim("background", .shells, "`$!` and jobs in the background are kept") { scene in
            let project = try scene.project()
            let session = try scene.session()
            let last = scene.line("$!", fish: "$last_pid")
            try session.run("cat </dev/zero >/dev/null &")
            let process = try session.output("echo \(last)")
            try session.silently("cd '\(project)'", "true", "cd '\(scene.outside)'")
            #expect(try session.output("echo \(last)") == process)
            #expect(try session.output("jobs").contains("cat"))
            try session.run(scene.line("kill $!; wait $! || :", fish: "kill $last_pid; wait $last_pid"))
        },
        Claim("history", .shells, "the history holds what was typed, and nothing of envd's") { scene in
            let project = try scene.project()
            let session = try scene.session(
                before: scene.line("HISTFILE=\(scene.world.path)/history HISTSIZE=99", fish: ""))
            try session.silently("cd '\(project)'", "true one", "cd '\(scene.outside)'")
            let history = try session.output(scene.shell == .zsh ? "fc -l 1" : "history")
            #expect(history.contains("true one"))
            #expect(!history.contains("_envd") && !history.contains("enter."))
        },
    ]
}
