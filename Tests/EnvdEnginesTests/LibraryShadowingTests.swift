import EnvdCore
import EnvdSystem
import EnvdTestSupport
import Testing

@testable import EnvdEngines

@Suite("Libraries that stand before the system's")
struct LibraryShadowingTests {
    @Test("what is said of the system's programs is what their dynamic linker does")
    func agreement() async throws {
        let bench = try LibraryBench()
        for name in [
            "libtinfo.so.6", "libssl.so.3", "libz.so.1", "libstdc++.so.6", "libpcre2-8.so.0", "libk5crypto.so.3",
        ] {
            try await bench.library(name)
        }
        let library = bench.prefix / "lib"
        let cache = try LinkerCache()
        let loader = try #require(ElfObject(reading: "/proc/self/exe")?.interpreter)
        let programs = ["bash", "git", "curl", "ssh", "less", "zsh", "fish", "python3"].map { Path("/usr/bin/\($0)") }
            .filter(FileSystem.isExecutable)
        var all: Set<ByteString> = []
        for program in programs {
            let found = LibraryShadowing.find(program: program, libraryPath: [library], linkerCache: cache)
            #expect(LibraryShadowing.find(program: program, libraryPath: [], linkerCache: cache) == [])
            let trial = LoaderTrial(loader: loader, context: bench.context)
            // An empty library needs nothing, so that what the system's own would need is not asked for.
            let without = try await trial.ask(
                [.init(name: program.name, withSymbols: false)], in: program.parent, libraryPath: [])
            let with = try await trial.ask(
                [.init(name: program.name, withSymbols: false)], in: program.parent, libraryPath: [library])
            let theirs = try #require(without[program.name]).loaded
            let replaced = try #require(with[program.name]).loaded.filter { $0.path.parent == library }
            #expect(found.map(\.soname) == replaced.map(\.name).sorted(), "\(program)")
            for shadowing in found {
                #expect(shadowing.ours == library.appending(Path(shadowing.soname)))
                let systems = try #require(theirs.first { $0.name == shadowing.soname }).path
                #expect(try FileSystem.canonical(shadowing.systems) == FileSystem.canonical(systems))
            }
            all.formUnion(found.map(\.soname))
        }
        #expect(all.isSuperset(of: ["libtinfo.so.6", "libz.so.1"]))
    }

    @Test("a DT_RPATH goes before LD_LIBRARY_PATH, a DT_RUNPATH after it")
    func search() async throws {
        let bench = try LibraryBench()
        let own = bench.directory.path / "own/lib"
        let library = try await bench.library("libenvdown.so.1", at: own)
        try await bench.library("libenvdmid.so.1", needs: ["\(library)"], at: own)
        try await bench.library("libenvdown.so.1")
        let source = try bench.directory.write("main.c", "int main(void) { return 0; }")
        var found: [String: [LibraryShadowing]] = [:]
        // Where nothing else is found, there is one of the system's.
        let cache = LinkerCache(places: ["libenvdown.so.1": [library]])
        for (name, search) in [("rpath", LibraryBench.Search.rpath), ("runpath", LibraryBench.Search.runpath)] {
            let program = bench.directory.path / "own/bin" / name
            try FileSystem.makeDirectories(program.parent)
            // A DT_RPATH holds for what the program's libraries need, too.
            try await bench.compile(
                ["-o", program.bytes, source.bytes, "-Wl,--no-as-needed", (own / "libenvdmid.so.1").bytes]
                    + (name == "runpath" ? [library.bytes] : []) + search("${ORIGIN}/../lib").options)
            // Found by where the program is, not by how it is called.
            try FileSystem.replaceLink(bench.directory.path.appending(name), to: program)
            found[name] = LibraryShadowing.find(
                program: bench.directory.path.appending(name), libraryPath: [bench.prefix / "lib"], linkerCache: cache)
        }
        #expect(found["rpath"] == [])
        let entry = try #require(found["runpath"]?.first)
        #expect(found["runpath"]?.count == 1)
        #expect(entry.soname == "libenvdown.so.1")
        #expect(entry.ours == bench.prefix / "lib/libenvdown.so.1")
        #expect(try FileSystem.canonical(entry.systems) == library)
    }

    @Test("scripts, texts and what is not there shadow nothing")
    func none() throws {
        let directory = try TemporaryDirectory("libraries")
        let script = try directory.write("script", "#!/bin/sh\n")
        for program in [script, "/nowhere/at/all", "/", "/dev/null"] {
            #expect(
                LibraryShadowing.find(
                    program: program, libraryPath: ["/usr/lib"], linkerCache: LinkerCache(places: [:])) == [])
        }
    }
}
