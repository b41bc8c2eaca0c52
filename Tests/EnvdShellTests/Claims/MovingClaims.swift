import EnvdCore
import EnvdShell
import EnvdSystem
import EnvdTestSupport
import Testing

extension Claim {
    /// Every way to change directory.
    static let moving: [Claim] = [
        Claim("one-line", .enterAndLeave, "`cd P && command -v python` on one line gives E's python") { scene in
            let project = try scene.project()
            let session = try scene.session()
            #expect(try session.output("cd '\(project)' && command -v python") == scene.python() + "\n")
        },
        Claim("pushd", .enterAndLeave, "pushd enters, popd leaves, and so does a stack that is turned") { scene in
            let project = try scene.project()
            let session = try scene.session()
            #expect(try session.output("pushd '\(project)' >/dev/null && command -v python") == scene.python() + "\n")
            #expect(try session.output("popd >/dev/null && printenv VIRTUAL_ENV || true") == "")
            try session.silently("pushd '\(project)' >/dev/null", "pushd '\(scene.outside)' >/dev/null")
            #expect(try session.value("VIRTUAL_ENV") == nil)
            #expect(try session.output("pushd >/dev/null && command -v python") == scene.python() + "\n")
        },
        Claim("cd-dash", .enterAndLeave, "`cd -` enters and leaves") { scene in
            let project = try scene.project()
            let session = try scene.session()
            try session.silently("cd '\(project)'", "cd - >/dev/null")
            #expect(try session.value("VIRTUAL_ENV") == nil)
            #expect(try session.output("cd - >/dev/null && command -v python") == scene.python() + "\n")
        },
        Claim("cdpath", .enterAndLeave, "a directory that CDPATH finds is entered") { scene in
            let project = try scene.project()
            try FileSystem.makeDirectories(project / "sub")
            let session = try scene.session()
            try session.silently(
                scene.line("CDPATH='\(scene.world.path)'", fish: "set -g CDPATH . '\(scene.world.path)'"))
            #expect(try session.output("cd p/sub >/dev/null && command -v python") == scene.python() + "\n")
            #expect(try session.output("pwd") == "\(project)/sub\n")
        },
        Claim("autocd", .enterAndLeave, "a directory's name typed as a command (autocd) enters it") { scene in
            let project = try scene.project()
            let setting = scene.line(scene.shell == .bash ? "shopt -s autocd" : "setopt auto_cd", fish: "true")
            let session = try scene.session(after: setting, in: scene.world.path)
            // bash says where it goes.
            try session.run("./p")
            #expect(try session.output("pwd") == "\(project)\n")
            #expect(try session.program("python") == scene.python())
        },
        Claim("link", .enterAndLeave, "a path through a symbolic link is entered, and PWD stays as it was typed") {
            scene in
            let project = try scene.project()
            try FileSystem.makeDirectories(project / "sub")
            try FileSystem.replaceLink(scene.outside / "link", to: project / "sub")
            let session = try scene.session()
            let before = try session.environment()
            for _ in 1...2 {
                #expect(try session.output("cd link && command -v python") == scene.python() + "\n")
                #expect(try session.output("printf '%s\\n' \"$PWD\"") == "\(scene.outside)/link\n")
                try session.silently("cd '\(scene.outside)'")
                #expect(try session.environment() == before)
            }
        },
        Claim("key", .enterAndLeave, "a key that changes directory (bind -x, a zsh widget, fish's arrows) enters") {
            scene in
            let project = try scene.project()
            let before =
                switch scene.shell {
                case .bash: "bind -x '\"\\C-g\": cd \"\(project)\"'"
                case .zsh: "go() { cd '\(project)'; zle reset-prompt }; zle -N go; bindkey '^G' go"
                case .fish: ""
                }
            let session = try scene.session(before: before)
            if scene.isFish { try session.silently("cd '\(project)'", "cd '\(scene.outside)'") }
            try session.terminal.send(scene.isFish ? "\u{1b}[1;3D" : "\u{7}")
            #expect(try session.program("python") == scene.python())
            #expect(try session.output("pwd") == "\(project)\n")
        },
        Claim("function", .enterAndLeave, "cd in a function, a loop or a file that is sourced enters at once") {
            scene in
            let project = try scene.project()
            try scene.world.directory.write("go", "cd '\(project)'\ncommand -v python\ncd '\(scene.outside)'\n")
            let session = try scene.session()
            let python = scene.python() + "\n"
            #expect(try session.output(". '\(scene.world.path)/go'") == python)
            let body = "cd '\(project)'; command -v python; cd '\(scene.outside)'"
            try session.silently(scene.line("go() { \(body); }", fish: "function go; \(body); end"))
            #expect(try session.output("go") == python)
            #expect(
                try session.output(scene.line("for x in 1 2; do go; done", fish: "for x in 1 2; go; end"))
                    == python + python)
            #expect(try session.value("VIRTUAL_ENV") == nil)
        },
        Claim("home", .enterAndLeave, "`cd ..`, `cd ~` and `cd` alone leave") { scene in
            let project = try scene.project()
            let session = try scene.session()
            let before = try session.environment()
            for way in ["cd ..", "cd ~", "cd"] {
                try session.silently("cd '\(project)'")
                #expect(try session.program("python") == scene.python())
                try session.silently(way)
                #expect(try session.environment() == before, "\(way)")
            }
        },
        Claim("cd-options", .enterAndLeave, "cd with options or `--`, into a name that begins with a dash, enters") {
            scene in
            let project = try scene.project("-dash")
            try FileSystem.replaceLink(scene.outside / "link", to: project)
            let session = try scene.session(in: scene.world.path)
            #expect(try session.output("cd -- -dash && command -v python") == scene.python("-dash") + "\n")
            try session.silently("cd '\(scene.outside)'")
            if !scene.isFish {
                #expect(
                    try session.output("cd -P link && pwd && command -v python")
                        == "\(project)\n" + scene.python("-dash") + "\n")
            }
        },
        Claim("cd-fails", .enterAndLeave, "a cd that fails leaves all as it is, with cd's own status and one message") {
            scene in
            let project = try scene.project()
            let session = try scene.session(in: project)
            let inside = try session.environment()
            let read = scene.line(
                "cd /nowhere-at-all || echo \"<$?>\"", fish: "cd /nowhere-at-all; or echo \"<$status>\"")
            let shown = try session.run(read)
            #expect(shown.hasSuffix("<1>\n"))
            #expect(shown.count(of: "/nowhere-at-all") == 1)
            #expect(try session.environment() == inside)
        },
        Claim("alias", .enterAndLeave, "an alias of cd (zoxide's, or pushd) enters at once or at the next prompt") {
            scene in
            let project = try scene.project()
            let jump = scene.line(
                "jump() { builtin cd -- \"$@\"; }; alias cd=jump",
                fish: "function jump; builtin cd $argv; end; alias j=jump")
            let session = try scene.session(after: jump)
            let before = try session.environment()
            let name = scene.isFish ? "j" : "cd"
            try session.silently("\(name) '\(project)'")
            #expect(try session.program("python") == scene.python())
            try session.silently("\(name) '\(scene.outside)'")
            #expect(try session.environment() == before)
            if !scene.isFish {
                try session.silently("unalias cd", "alias cd=pushd", "cd '\(project)' >/dev/null")
                #expect(try session.program("python") == scene.python())
            }
        },
        Claim("own-cd", .enterAndLeave, "a cd function of the user's own is called, and enters") { scene in
            let project = try scene.project()
            let note = "echo moved >>'\(scene.logFile)'"
            // fish keeps its own cd, which knows of `cd -`, under another name.
            let own = scene.line(
                "cd() { builtin cd \"$@\" && \(note); }",
                fish: "functions -c cd old_cd; function cd; old_cd $argv; and \(note); end")
            let session = try scene.session(before: own)
            #expect(try session.output("cd '\(project)' && command -v python") == scene.python() + "\n")
            try session.silently("cd '\(scene.outside)'")
            #expect(try session.value("VIRTUAL_ENV") == nil)
            #expect(scene.log == "moved\nmoved\n")
        },
        Claim("subshell", .enterAndLeave, "`(cd P && python)` and `$(cd P && python)` use E and leave the shell alone")
        {
            scene in
            let project = try scene.project("p", notice: Notice("envd: a notice"))
            let session = try scene.session()
            let before = try session.environment()
            #expect(try session.output("(cd '\(project)' && command -v python)") == scene.python() + "\n")
            #expect(try session.output("echo \"$(cd '\(project)' && command -v python)\"") == scene.python() + "\n")
            #expect(try session.environment() == before)
            #expect(try session.output("pwd") == "\(scene.outside)\n")
        }.notIn(.fish, because: "it has no subshells"),
        Claim(
            "pipeline", .enterAndLeave, "after cd in a pipeline or in the background E is active if the shell is in P"
        ) {
            scene in
            let project = try scene.project()
            let session = try scene.session()
            for line in ["cd '\(project)' | cat", "true | cd '\(project)'", "cd '\(project)' & wait"] {
                if scene.isFish, line.contains("&") { continue }
                try session.run(line)
                let inside = try session.output("pwd") == "\(project)\n"
                #expect(try session.value("VIRTUAL_ENV") == (inside ? "\(scene.prefix())" : nil), "\(line)")
                try session.silently("cd '\(scene.outside)'")
                #expect(try session.value("VIRTUAL_ENV") == nil)
            }
        },
    ]
}
