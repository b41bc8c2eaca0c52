import EnvdCore
import EnvdShell
import EnvdSystem
import EnvdTestSupport
import Testing

@Suite("A directory that was looked at before")
struct RememberedPlaceTests {
    @Test("is looked at again where a link leads there now, at any place of its path", arguments: Shell.allCases)
    func links(shell: Shell) throws {
        let world = try World()
        let (first, second) = (try world.ready("a"), try world.ready("b"))
        try FileSystem.makeDirectories(second / "sub")
        let session = try Session(shell, in: world)
        for place in [world.path / "x", first / "t"] {
            try FileSystem.makeDirectories(place / "sub")
            let root = place.isWithin(first) ? first.description : nil
            for _ in 1...2 {
                for directory in [place / "sub", place] {
                    try session.run("cd '\(directory)'")
                    #expect(try session.value("ENVD_ROOT") == root)
                }
                try session.run("cd '\(world.outside)'")
            }
            try FileSystem.remove(place)
            try FileSystem.replaceLink(place, to: second)
            for directory in [place / "sub", place] {
                try session.run("cd '\(directory)'")
                #expect(try session.value("ENVD_ROOT") == second.description)
                try session.run("cd '\(world.outside)'")
                #expect(try session.value("ENVD_ROOT") == nil)
            }
        }
    }

    // In fish, what appears above is seen with the next state.
    @Test("is asked about when a manifest appeared in it, or in the one above", arguments: Shell.allCases)
    func manifests(shell: Shell) throws {
        let world = try World()
        let session = try Session(shell, in: world)
        let places = [world.path / "n/sub", world.path / "m"].suffix(shell == .fish ? 1 : 2)
        for place in places {
            try FileSystem.makeDirectories(place)
            try session.run("cd '\(place)'; cd '\(world.outside)'; cd '\(place)'; cd '\(world.outside)'")
        }
        let calls = world.calls.count { $0.hasPrefix("ask") }
        // It looks again only for those that most projects have.
        try FileSystem.replace(world.path / "m" / (shell == .fish ? "environment.yml" : "Pipfile"), with: [])
        if shell != .fish { try FileSystem.replace(world.path / "n/requirements.txt", with: []) }
        for place in places { try session.run("cd '\(place)'; cd '\(world.outside)'") }
        #expect(world.calls.count { $0.hasPrefix("ask") } == calls + places.count)
    }

    @Test("switches from one ready project to the other and back without reading anything", arguments: Shell.allCases)
    func between(shell: Shell) throws {
        let world = try World()
        let (first, second) = (try world.ready("a"), try world.ready("b"))
        let session = try Session(shell, in: world)
        let before = try session.environment()
        for _ in 1...3 {
            for root in [first, second] {
                try session.run("cd '\(root)'")
                #expect(try session.value("ENVD_ROOT") == root.description)
                #expect(try session.value("VIRTUAL_ENV") == "\(world.path)/gen-\(root.name)-1")
            }
        }
        try session.run("cd '\(world.outside)'")
        #expect(try session.environment() == before)
    }
}
