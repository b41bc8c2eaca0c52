import EnvdCore
import EnvdShell
import EnvdSystem
import EnvdTestSupport
import Testing

extension Claim {
    private static let system = "/usr/local/bin:/usr/bin:/bin"

    /// Lists of directories.
    static let lists: [Claim] = [
        Claim("path-additions", .undo, "entries that the user adds to PATH inside, before ours or after, stay") {
            scene in
            let project = try scene.project()
            let session = try scene.session()
            try session.silently("cd '\(project)'")
            try session.silently(
                scene.line("export PATH=\"/first:$PATH:/last\"", fish: "set -gx PATH /first $PATH /last"))
            // A new generation stands where the old one stood.
            try scene.project("p", generation: 2)
            try session.silently("true")
            #expect(try session.value("PATH") == "/first:\(scene.prefix(generation: 2))/bin:\(system):/last")
            try session.silently("cd '\(scene.outside)'")
            #expect(try session.value("PATH") == "/first:\(system):/last")
        },
        Claim("path-order", .undo, "a reordered PATH keeps its order, and an entry that was taken out stays out") {
            scene in
            let project = try scene.project()
            let session = try scene.session()
            try session.silently("cd '\(project)'")
            let own = "\(scene.prefix())/bin"
            try session.silently(
                scene.line("PATH='/bin:/usr/bin:\(own)'", fish: "set -gx PATH /bin /usr/bin '\(own)'"))
            #expect(try session.value("PATH") == "/bin:/usr/bin:\(own)")
            try session.silently("cd '\(scene.outside)'")
            #expect(try session.value("PATH") == "/bin:/usr/bin")
        },
        Claim("path-without-ours", .undo, "where the user took E out of PATH, leaving takes nothing else out") {
            scene in
            let project = try scene.project()
            let session = try scene.session()
            try session.silently("cd '\(project)'")
            try session.silently(scene.line("PATH=/bin:/usr/bin", fish: "set -gx PATH /bin /usr/bin"))
            try session.silently("cd '\(scene.outside)'")
            #expect(try session.value("PATH") == "/bin:/usr/bin")
            try session.silently("cd '\(project)'")
            #expect(try session.value("PATH") == "\(scene.prefix())/bin:/bin:/usr/bin")
        },
        Claim("path-twice", .undo, "an entry of the user's that is the same as ours is still there after leaving") {
            scene in
            let project = try scene.project()
            let own = "\(scene.prefix())/bin"
            let session = try scene.session(environment: ["PATH": ByteString("/bin:\(own):/usr/bin")])
            let before = try session.environment()
            for _ in 1...2 {
                try session.silently("cd '\(project)'")
                #expect(try session.value("PATH")?.hasPrefix("\(own):") == true)
                try session.silently("cd '\(scene.outside)'")
                #expect(try session.environment() == before)
            }
        },
        Claim("path-switch", .undo, "entries that the user added in P1 are still there in P2, behind E2's") { scene in
            let (first, second) = (try scene.project("one"), try scene.project("two"))
            let session = try scene.session()
            try session.silently("cd '\(first)'")
            try session.silently(scene.line("PATH=/mine:$PATH", fish: "set -gx PATH /mine $PATH"))
            try session.silently("cd '\(second)'")
            #expect(try session.value("PATH") == "\(scene.prefix("two"))/bin:/mine:\(system)")
            try session.silently("cd '\(scene.outside)'")
            #expect(try session.value("PATH") == "/mine:\(system)")
        },
        Claim("list-unset", .undo, "LD_LIBRARY_PATH unset before is unset after, empty is empty, and none gets a hole")
        {
            scene in
            let project = try scene.project()
            for value in [nil, "", ":", "/x", "/x:", ":/x", "/x::/y"] as [ByteString?] {
                let session = try scene.session(environment: value.map { ["LD_LIBRARY_PATH": $0] } ?? [:])
                let before = try session.environment()
                #expect(before["LD_LIBRARY_PATH"] == value)
                for _ in 1...2 {
                    try session.silently("cd '\(project)'")
                    let tail = (value ?? "").bytes.isEmpty ? "" : ":" + (value ?? "")
                    #expect(try session.environment()["LD_LIBRARY_PATH"] == (scene.prefix() / "nv").bytes + tail)
                    try session.silently("cd '\(scene.outside)'")
                    #expect(try session.environment() == before)
                }
            }
        },
        Claim("list-additions", .undo, "what the user adds to LD_LIBRARY_PATH inside, where it was unset, stays") {
            scene in
            let project = try scene.project()
            let session = try scene.session()
            try session.silently("cd '\(project)'")
            try session.silently(
                scene.line(
                    "LD_LIBRARY_PATH=$LD_LIBRARY_PATH:/mine", fish: "set -gx LD_LIBRARY_PATH $LD_LIBRARY_PATH:/mine"))
            try session.silently("cd '\(scene.outside)'")
            #expect(try session.value("LD_LIBRARY_PATH") == "/mine")
        },
    ]

    /// Single values.
    static let scalars: [Claim] = [
        Claim("changed", .undo, "a variable that the user changed inside keeps the user's value, inside and after") {
            scene in
            let project = try scene.project()
            let session = try scene.session(environment: ["PYTHONHOME": "/old"])
            var expected = try session.environment()
            try session.silently("cd '\(project)'")
            try session.silently(scene.export("VIRTUAL_ENV", "/mine"), scene.export("PYTHONHOME", "/mine too"))
            for generation in 2...3 {
                try scene.project("p", generation: generation)
                try session.silently("true")
                let inside = try session.environment()
                #expect(inside["VIRTUAL_ENV"] == "/mine")
                #expect(inside["PYTHONHOME"] == "/mine too")
                #expect(inside["UV_PROJECT_ENVIRONMENT"] == scene.prefix(generation: generation).bytes)
            }
            try session.silently("cd '\(scene.outside)'")
            expected["VIRTUAL_ENV"] = "/mine"
            expected["PYTHONHOME"] = "/mine too"
            #expect(try session.environment() == expected)
        },
        Claim("removed-inside", .undo, "a variable that the user unset inside stays unset after") { scene in
            let project = try scene.project()
            let session = try scene.session(environment: ["VIRTUAL_ENV_PROMPT": "before"])
            var expected = try session.environment()
            try session.silently("cd '\(project)'")
            try session.silently(scene.line("unset VIRTUAL_ENV_PROMPT", fish: "set -e VIRTUAL_ENV_PROMPT"))
            try session.silently("cd '\(scene.outside)'")
            expected["VIRTUAL_ENV_PROMPT"] = nil
            #expect(try session.environment() == expected)
        },
        Claim("unrelated", .undo, "whatever else the user sets, changes or unsets inside stays so") { scene in
            let project = try scene.project()
            let session = try scene.session(environment: ["KEPT": "a", "CHANGED": "b", "GONE": "c"])
            var expected = try session.environment()
            try session.silently("cd '\(project)'", scene.export("CHANGED", "b2"), scene.export("NEW", "d"))
            try session.silently(scene.line("unset GONE", fish: "set -e GONE"), "cd '\(scene.outside)'")
            expected["CHANGED"] = "b2"
            expected["NEW"] = "d"
            expected["GONE"] = nil
            #expect(try session.environment() == expected)
        },
        Claim("hidden", .undo, "a variable that is only hidden comes back, also after many generations") { scene in
            let project = scene.world.path / "p"
            let delta = Delta(removals: [.pythonHome])
            try scene.world.publish(Answer(root: project, generation: GenerationNumber(1), delta: delta))
            let session = try scene.session(environment: ["PYTHONHOME": "/old"])
            let before = try session.environment()
            try session.silently("cd '\(project)'")
            for generation in 2...3 {
                try scene.world.publish(Answer(root: project, generation: GenerationNumber(generation), delta: delta))
                try session.silently("true")
                #expect(try session.value("PYTHONHOME") == nil)
            }
            try session.silently("cd '\(scene.outside)'")
            #expect(try session.environment() == before)
        },
        Claim("not-exported", .undo, "a shell variable that was not exported is given back, and is not exported") {
            scene in
            let project = try scene.project()
            let session = try scene.session(
                after: scene.line(
                    "PYTHONHOME=mine VIRTUAL_ENV=own", fish: "set -g PYTHONHOME mine; set -g VIRTUAL_ENV own"))
            let before = try session.environment()
            #expect(before["PYTHONHOME"] == nil)
            try session.silently("cd '\(project)'")
            #expect(try session.value("VIRTUAL_ENV") == "\(scene.prefix())")
            try session.silently("cd '\(scene.outside)'")
            #expect(try session.output("printf '%s\\n' \"$PYTHONHOME $VIRTUAL_ENV\"") == "mine own\n")
            #expect(try session.environment() == before)
        }.failing(in: .bash, "the variable is exported after").failing(in: .zsh, "the variable is exported after")
            .failing(in: .fish, "the variable is exported after"),
        Claim("set-before", .undo, "values that were set before, odd or empty, are given back at each visit") { scene in
            let project = try scene.project()
            for name in ["VIRTUAL_ENV", "VIRTUAL_ENV_PROMPT", "UV_PROJECT_ENVIRONMENT", "PYTHONHOME"] {
                let session = try scene.session()
                // A visit without it first: what that left in memory is for nobody else.
                try session.silently("cd '\(project)'", "cd '\(scene.outside)'")
                for value in ["/foo", "a#b", "*", ""] {
                    try session.silently(scene.export(name, value))
                    let before = try session.environment()
                    #expect(before[ByteString(name)]?.description == value)
                    for _ in 1...2 {
                        try session.silently("cd '\(project)'")
                        #expect(try session.value("VIRTUAL_ENV") == "\(scene.prefix())")
                        try session.silently("cd '\(scene.outside)'")
                        #expect(try session.environment() == before, "\(name)=\(value)")
                    }
                }
            }
        },
    ]

    /// What values may hold.
    static let values: [Claim] = [
        Claim("values", .shells, "backslashes, newlines, quotes, CR, tab and invalid UTF-8 arrive, and come back") {
            scene in
            let odd: [ByteString] = [
                "back\\slash \\n \\'", "new\n\nline\n", "\r\t\u{1b}[m\u{7f}\u{1}", "'\"`$(touch /nowhere) $HOME !! ;&|",
                "", ByteString([0xff, 0x80, 0x41, 0xc3]), "é 漢 ~ * ? [a] {b,c}", "-n", "--", "a''b", "#x", "=ls",
            ]
            var environment: [ByteString: ByteString] = [:]
            var assignments: [Delta.Assignment] = []
            for (index, value) in odd.enumerated() {
                let name = try #require(VariableName("ODD_\(index)"))
                assignments.append(.init(variable: name, value: value))
                environment[ByteString(name.text)] = odd[(index + 1) % odd.count]
            }
            let project = scene.world.path / "p"
            let delta = Delta(assignments: assignments)
            try scene.world.publish(Answer(root: project, generation: GenerationNumber(1), delta: delta))
            let session = try scene.session(environment: environment)
            let before = try session.environment()
            for _ in 1...2 {
                try session.silently("cd '\(project)'")
                let inside = try session.environment()
                for assignment in assignments {
                    #expect(inside[ByteString(assignment.variable.text)] == assignment.value)
                }
                try session.silently("cd '\(scene.outside)'")
                #expect(try session.environment() == before)
            }
        }
    ]
}
