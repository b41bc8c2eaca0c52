import EnvdCore
import EnvdSystem
import EnvdTestSupport
import Testing

@testable import EnvdEngines

@Suite("Strange libraries of a prefix")
struct LibrariesHostileTests {
    @Test("no code of a library runs when it is tried")
    func nothingRuns() async throws {
        let bench = try LibraryBench()
        let mark = bench.directory.path / "ran"
        let code = """
            int creat(const char *path, unsigned mode);
            __attribute__((constructor)) static void made(void) { creat("\(mark)", 0600); }
            static int one(void) { return 1; }
            static void *choose(void) { return *(volatile int *)0 ? one : 0; }
            #ifdef CHOOSING
            int chosen(void) __attribute__((ifunc("choose")));
            int (*pointer)(void) = chosen;
            #endif
            """
        let libc = try #require(try LinkerCache().places["libc.so.6"]?.first)
        // With symbols, for there is a library of the system's in place of the prefix's.
        try await bench.library("libz.so.1")
        let plain = try await bench.library("libenvdctor.so.1", code: code, needs: ["\(libc)", "libz.so.1"])
        try await bench.library(
            "libenvdchoosing.so.1", code: "#define CHOOSING\n" + code, needs: ["\(libc)", "libz.so.1"])
        #expect(try await bench.offered() == ["libenvdchoosing.so.1", "libenvdctor.so.1"])
        #expect(!FileSystem.exists(mark))

        let loaded = await PlainCommandRunner().run(
            Command(
                executable: "/bin/true", arguments: [], environment: ["LD_PRELOAD": plain.bytes], workingDirectory: "/",
                writable: nil), onLine: { _ in })
        #expect(loaded.succeeded && FileSystem.exists(mark))
    }

    @Test("broken, foreign and cut files, pipes and directories are passed by")
    func broken() async throws {
        let bench = try LibraryBench()
        let library = bench.prefix / "lib"
        try await bench.library("libenvdgood.so.1")
        let bytes = try FileSystem.read(library / "libenvdgood.so.1")
        func write(_ name: String, _ content: [UInt8]) throws {
            try FileSystem.replace(library.appending(name), with: content, mode: 0o755)
        }
        try write("libenvdempty.so.1", [])
        try write("libenvdtext.so.1", Array("#!/bin/sh\n".utf8))
        for length in [16, 63, 64, 200, 600, bytes.count / 2] {
            try write("libenvdcut\(length).so.1", Array(bytes.prefix(length)))
        }
        var narrow = bytes
        narrow[4] = 1
        try write("libenvdnarrow.so.1", narrow)
        var foreign = bytes
        foreign[18] = 8
        try write("libenvdmips.so.1", foreign)
        try FileSystem.makeFifo(library / "libenvdpipe.so.1")
        try FileSystem.makeDirectories(library / "libenvddirectory.so.1")
        try bench.link("libenvdloop.so.1", to: "libenvdloop.so.1")
        try bench.link("libenvdlost.so.1", to: "libenvdnothing.so.1")
        try await bench.library("libenvd\nodd.so.1", soname: "libenvdodd.so.1")
        try await bench.library("libenvdlying.so.1", soname: "libenvd\nenvd:ended 0.so")
        #expect(try await bench.offered() == ["libenvdgood.so.1"])
    }

    @Test("any byte of a library may be any other")
    func mutated() async throws {
        let bench = try LibraryBench()
        let file = try await bench.library("libenvdgood.so.1", search: .rpath("$ORIGIN"))
        let bytes = try FileSystem.read(file)
        let copy = bench.directory.path / "copy"
        var (read, refused) = (0, 0)
        // Headers, names and the dynamic section of so small a library lie in its first bytes and after them.
        for index in bytes.indices where index < 1024 || index % 7 == 0 {
            for value: UInt8 in [0x00, 0x7f, 0xff] {
                var mutated = bytes
                mutated[index] = value
                try FileSystem.replace(copy, with: mutated)
                if ElfObject(reading: copy) == nil { refused += 1 } else { read += 1 }
            }
        }
        #expect(read > 0 && refused > 0)
    }

    @Test("rings of libraries that need one another are offered whole, or not at all")
    func rings() async throws {
        let bench = try LibraryBench()
        try await bench.library("libz.so.1", code: "int inflateFuture(void) { return 1; }")
        let stub = try await bench.library("libenvdnowhere.so.1", at: bench.directory.path / "stub")
        let names = ["one", "two", "three"]
        for (ring, further) in [("good", []), ("bad", ["\(stub)"]), ("worse", ["libz.so.1"])] {
            for name in names { try await bench.library("libenvd\(ring)\(name).so.1") }
            for (index, name) in names.enumerated() {
                try await bench.library(
                    "libenvd\(ring)\(name).so.1",
                    code: index == 1 && ring == "worse"
                        ? "int inflateFuture(void); int x(void) { return inflateFuture(); }" : "",
                    needs: ["libenvd\(ring)\(names[(index + 1) % 3]).so.1"] + (index == 1 ? further : []))
            }
        }
        #expect(
            try await bench.offered() == ["libenvdgoodone.so.1", "libenvdgoodthree.so.1", "libenvdgoodtwo.so.1"])
        #expect(bench.cause("libenvdbadtwo.so.1") == "it needs `libenvdnowhere.so.1`, which is nowhere")
        #expect(
            bench.cause("libenvdworsetwo.so.1") == "undefined symbol `inflateFuture` with the system's libraries",
            "\(bench.said)")
    }

    @Test("of five thousand libraries in a row, those whose end is there are tried at once, and the others left out")
    func many() async throws {
        let bench = try LibraryBench()
        try await bench.library("libenvd77777.so.1", at: bench.directory.path / "stub")
        let file = try await bench.library(
            "libenvd88888.so.1", needs: ["\(bench.directory.path)/stub/libenvd77777.so.1"],
            at: bench.directory.path / "stub")
        let template = try FileSystem.read(file)
        let places = ["77777", "88888"].map { digits in
            template.indices.filter { template[$0...].starts(with: Array(digits.utf8)) }
        }
        try #require(places.allSatisfy { !$0.isEmpty })
        let digits = { (number: Int) in Array(String(String(number + 100_000).suffix(5)).utf8) }
        let (count, end) = (5000, 500)
        for number in 0..<count {
            var bytes = template
            for (indices, text) in zip(places, [digits(number + 1), digits(number)]) {
                for index in indices { bytes.replaceSubrange(index..<index + 5, with: text) }
            }
            let name = "lib/libenvd\(String(decoding: digits(number), as: UTF8.self)).so.1"
            try FileSystem.replace(bench.prefix / name, with: bytes)
        }
        try await bench.library("libenvd00500.so.1")
        #expect(try await bench.offered().count == end + 1)
        #expect(bench.cause("libenvd04999.so.1") == "it needs `libenvd05000.so.1`, which is nowhere")
        #expect(bench.cause("libenvd04998.so.1") == "it needs `libenvd04999.so.1`, which is not offered")
        #expect(bench.said.count < 300)
    }
}
