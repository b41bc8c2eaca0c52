import EnvdCore
import EnvdEngines
import EnvdSystem
import EnvdTestSupport
import Testing

@Suite("Libraries of a conda prefix")
struct LibrariesTests {
    /// A libz.so.1 that is newer than any system's.
    private static let newer = "int zlibVersion; int inflateFuture(void) { return 1; }"
    private static let user = "int inflateFuture(void); int used(void) { return inflateFuture(); }"

    @Test("what the system has none of is offered by its soname and its plain name")
    func names() async throws {
        let bench = try LibraryBench()
        try await bench.library("libenvdone.so.1.2.3", soname: "libenvdone.so.1")
        try bench.link("libenvdone.so.1", to: "libenvdone.so.1.2.3")
        try bench.link("libenvdone.so", to: "libenvdone.so.1")
        try bench.link("libenvdone.so.1.2", to: "libenvdone.so.1")
        try await bench.library("libenvdtwo.so", soname: "")
        // By this name one asks for it, though nothing has the name.
        try await bench.library("libenvdthree-5.0.so", soname: "libenvdthree.so.5")
        // As conda-forge's BLAS is found: by the name of a link that is nobody's soname.
        try bench.link("libenvdalias.so.3", to: "libenvdone.so.1.2.3")
        try await bench.library("libenvdfour.so", needs: ["libenvdone.so.1.2.3"])
        try await bench.library("libenvdfive.so", soname: "libenvdalias.so.3", at: bench.directory.path / "stub")
        try await bench.library("libenvdsix.so", needs: ["\(bench.directory.path)/stub/libenvdfive.so"])
        try FileSystem.replace(bench.prefix / "lib/libenvdtext.so", with: Array("INPUT(-lenvdone)".utf8))

        #expect(
            try await bench.offered() == [
                "libenvdalias.so.3", "libenvdfour.so", "libenvdone.so", "libenvdone.so.1", "libenvdsix.so",
                "libenvdthree.so.5", "libenvdtwo.so",
            ])
        #expect(try FileSystem.linkTarget(bench.links / "libenvdone.so") == "../../lib/libenvdone.so.1.2.3")
        #expect(FileSystem.exists(bench.links / "libenvdthree.so.5"))
    }

    @Test("a library whose soname is the system's is not offered, under no name")
    func systems() async throws {
        let bench = try LibraryBench()
        try await bench.library("libz.so.1.9", soname: "libz.so.1")
        try bench.link("libz.so.1", to: "libz.so.1.9")
        try bench.link("libz.so", to: "libz.so.1.9")
        try bench.link("libenvdz.so", to: "libz.so.1.9")
        #expect(try await bench.offered() == [])
        #expect(!FileSystem.exists(bench.links))
        #expect(try await bench.find(.full) == [bench.prefix / "lib"])
        #expect(try await bench.find(.full, isConda: false) == [])
        #expect(try await bench.find(.off) == [])
    }

    @Test("a chain that ends at a library of the system's is offered, and taken back in `off`")
    func chain() async throws {
        let bench = try LibraryBench()
        try await bench.library("libz.so.1", code: "int zlibVersion;")
        try await bench.library(
            "libenvdb.so.1", code: "extern int zlibVersion; int *b(void) { return &zlibVersion; }",
            needs: ["libz.so.1"],
            search: .rpath("$ORIGIN"))
        try await bench.library("libenvda.so.1", needs: ["libenvdb.so.1"], search: .rpath("$ORIGIN/."))
        #expect(try await bench.offered() == ["libenvda.so.1", "libenvdb.so.1"])
        #expect(try await bench.find(.off) == [])
        #expect(!FileSystem.exists(bench.links))
    }

    @Test("a library that needs a version which the system's lacks is left out, and so are its users")
    func version() async throws {
        let bench = try LibraryBench()
        try await bench.library("libz.so.1", code: Self.newer, versions: "ZLIB_9.9 { global: *; };")
        try await bench.library("libenvdb.so.1", code: Self.user, needs: ["libz.so.1"], search: .rpath("$ORIGIN"))
        try await bench.library("libenvda.so.1", needs: ["libenvdb.so.1"], search: .rpath("$ORIGIN"))
        try await bench.library("libenvdgood.so.1", needs: ["libz.so.1"])
        #expect(try await bench.offered() == ["libenvdgood.so.1"])
        #expect(bench.cause("libenvdb.so.1")?.contains("version `ZLIB_9.9' not found") == true, "\(bench.said)")
        #expect(bench.cause("libenvda.so.1") != nil)
    }

    @Test("a library that needs a symbol which the system's lacks is left out, and so are its users")
    func symbol() async throws {
        let bench = try LibraryBench()
        try await bench.library("libz.so.1", code: Self.newer)
        try await bench.library("libenvdb.so.1", code: Self.user, needs: ["libz.so.1"])
        try await bench.library("libenvda.so.1", needs: ["libenvdb.so.1"])
        // A plug-in's: what it lacks, its program has.
        try await bench.library(
            "libenvdplugin.so", code: "int host(void); int p(void) { return host(); }", needs: ["libz.so.1"])
        #expect(try await bench.offered() == ["libenvdplugin.so"])
        #expect(
            bench.cause("libenvdb.so.1") == "undefined symbol `inflateFuture` with the system's libraries",
            "\(bench.said)")
    }

    @Test("a neighbour that only `$ORIGIN` of the library's own directory finds is missed through the link")
    func origin() async throws {
        let bench = try LibraryBench()
        let hidden = bench.prefix / "lib/private"
        try await bench.library("libenvdhidden.so.1", at: hidden)
        for (name, search) in [("rpath", LibraryBench.Search.rpath), ("runpath", LibraryBench.Search.runpath)] {
            try await bench.library(
                "libenvd\(name).so.1", needs: ["private/libenvdhidden.so.1"], search: search("$ORIGIN/private"))
            try await bench.library("libenvd\(name)user.so.1", needs: ["libenvd\(name).so.1"])
            // The same with a path that means the same from anywhere.
            try await bench.library(
                "libenvd\(name)fixed.so.1", needs: ["private/libenvdhidden.so.1"], search: search("\(hidden)"))
        }
        #expect(try await bench.offered() == ["libenvdrpathfixed.so.1", "libenvdrunpathfixed.so.1"])
        #expect(bench.cause("libenvdrpath.so.1")?.contains("libenvdhidden.so.1") == true, "\(bench.said)")
    }

    @Test("a library that brings the prefix's copy of a system's library is left out")
    func foreign() async throws {
        let bench = try LibraryBench()
        try await bench.library("libz.so.1")
        let own = LibraryBench.Search.rpath("\(bench.prefix)/lib")
        try await bench.library("libenvdbad.so.1", needs: ["libz.so.1"], search: own)
        try await bench.library("libenvduser.so.1", needs: ["libenvdbad.so.1"])
        // Before or after another that loads the system's: the order hides nothing.
        try await bench.library("libenvdgood.so.1", needs: ["libz.so.1"])
        try await bench.library("libenvdafter.so.1", needs: ["libenvdgood.so.1", "libenvdbad.so.1"])
        // By a name that is not the system's, but the soname is.
        try await bench.library("libenvdother.so.1", soname: "libssl.so.3", at: bench.prefix / "lib/private")
        try await bench.library("libenvdstub.so", soname: "libenvdother.so.1", at: bench.directory.path / "stub")
        try await bench.library(
            "libenvddisguised.so.1", needs: ["\(bench.directory.path)/stub/libenvdstub.so"],
            search: .rpath("\(bench.prefix)/lib/private"))
        // The system's own directory is no harm.
        let zlib = try #require(try LinkerCache().places["libz.so.1"]?.first)
        try await bench.library("libenvdfine.so.1", needs: ["libz.so.1"], search: .rpath("\(zlib.parent)"))
        #expect(try await bench.offered() == ["libenvdfine.so.1", "libenvdgood.so.1"])
        #expect(
            bench.cause("libenvdbad.so.1") == "it loads `\(bench.prefix)/lib/libz.so.1` in place of the system's",
            "\(bench.said)")
        #expect(bench.cause("libenvddisguised.so.1")?.hasSuffix("in place of the system's") == true)
    }

    @Test("what is excluded is not offered, nor what needs it")
    func excluded() async throws {
        let bench = try LibraryBench()
        try await bench.library("libenvdone.so.1.5", soname: "libenvdone.so.1")
        try bench.link("libenvdone.so.1", to: "libenvdone.so.1.5")
        try bench.link("libenvdone.so", to: "libenvdone.so.1.5")
        try await bench.library("libenvdtwo.so.1", needs: ["libenvdone.so.1"])
        try await bench.library(
            "libenvdthree.so.1", needs: ["libenvdone.so.1"], search: .rpath("\(bench.prefix)/lib"))
        try await bench.library("libenvdfour.so.1")
        let all = [
            "libenvdfour.so.1", "libenvdone.so", "libenvdone.so.1", "libenvdthree.so.1", "libenvdtwo.so.1",
        ]
        #expect(try await bench.offered() == all)
        for pattern in ["libenvdone.so.1", "libenvdone.so.1.5", "*one.so.*", "lib*done.so*5"] {
            #expect(try await bench.offered(excluding: [pattern]) == ["libenvdfour.so.1"], "\(pattern)")
        }
        #expect(try await bench.offered(excluding: ["libenvdone.so"]) == all.filter { $0 != "libenvdone.so" })
        #expect(try await bench.offered(excluding: ["envd*", "*.so.2", "libenvdone", "?ibenvdone.so.1"]) == all)
        #expect(try await bench.offered(excluding: ["*"]) == [])
    }

    @Test("links out of the prefix are not followed, and no link stands for the directory of links")
    func outside() async throws {
        let bench = try LibraryBench()
        let elsewhere = bench.directory.path / "elsewhere"
        try await bench.library("libenvdout.so.1", at: elsewhere)
        try bench.link("libenvdout.so.1", to: "\(elsewhere)/libenvdout.so.1")
        try await bench.library("libenvdin.so.1", at: bench.prefix / "opt")
        try bench.link("libenvdin.so.1", to: "../opt/libenvdin.so.1")
        #expect(try await bench.offered() == ["libenvdin.so.1"])

        try FileSystem.remove(bench.prefix / ".envd")
        try FileSystem.makeDirectories(elsewhere / "lib/kept")
        try FileSystem.replaceLink(bench.prefix / ".envd", to: elsewhere)
        await #expect(throws: Diagnostic.self) { try await bench.find() }
        #expect(FileSystem.exists(elsewhere / "lib/kept"))
    }

    @Test("a prefix that LD_LIBRARY_PATH cannot hold is not offered", arguments: ["a:b", "a;b", "a$LIB", "a\nb"])
    func unlisted(name: String) async throws {
        let bench = try LibraryBench(name)
        #expect(try await bench.find(.full) == [])
    }

    @Test("spaces and other letters in the prefix's path are no harm")
    func spaces() async throws {
        let bench = try LibraryBench("my prefix (é) => x")
        try await bench.library("libz.so.1")
        try await bench.library("libenvdgood.so.1", needs: ["libz.so.1"])
        try await bench.library("libenvdtop.so.1", needs: ["libenvdgood.so.1"])
        #expect(try await bench.offered() == ["libenvdgood.so.1", "libenvdtop.so.1"])
    }

    @Test("the system's programs start with `safe`, and some do not with `full`")
    func programs() async throws {
        let bench = try LibraryBench()
        for name in ["libtinfo.so.6", "libssl.so.3", "libz.so.1", "libstdc++.so.6"] { try await bench.library(name) }
        try await bench.library("libenvdown.so.1", needs: ["libz.so.1", "libstdc++.so.6"])
        try #require(try await bench.offered() == ["libenvdown.so.1"])

        let programs = ["bash", "git", "curl", "ssh", "less", "zsh", "fish"].map { Path("/usr/bin/\($0)") }
            .filter(FileSystem.isExecutable)
        try #require(programs.count >= 3)
        var stopped: [LibraryPath.Mode: [Path]] = [:]
        for mode in [LibraryPath.Mode.safe, .full] {
            let path = try await bench.find(mode).map(\.bytes.bytes).joined(separator: [UInt8(ascii: ":")])
            for program in programs {
                let result = await PlainCommandRunner().run(
                    Command(
                        executable: program, arguments: [program.name == "ssh" ? "-V" : "--version"],
                        environment: ["PATH": "/usr/bin:/bin", "LD_LIBRARY_PATH": ByteString(path)],
                        workingDirectory: "/", writable: nil), onLine: { _ in })
                if !result.succeeded { stopped[mode, default: []].append(program) }
            }
        }
        #expect(stopped[.safe] == nil)
        #expect(stopped[.full]?.contains("/usr/bin/bash") == true, "\(stopped)")
    }
}
