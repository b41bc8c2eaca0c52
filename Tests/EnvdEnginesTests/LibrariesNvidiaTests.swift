import EnvdCore
import EnvdEngines
import EnvdSystem
import EnvdTestSupport
import Testing

@Suite("Libraries of NVIDIA's wheels")
struct LibrariesNvidiaTests {
    private let bench: LibraryBench
    private let wheels = "lib/python3.11/site-packages/nvidia"

    init() throws { bench = try LibraryBench() }

    private func make(_ files: [String]) throws {
        for file in files { try bench.directory.write("prefix/\(wheels)/\(file)", "") }
    }

    /// The last two parts of each directory.
    private func found(
        _ mode: LibraryPath.Mode = .safe, excluding: [String] = [], cache: LinkerCache? = nil
    ) async throws -> [String] {
        try await bench.find(mode, excluding: excluding, isConda: false, cache: cache).map { path in
            #expect(path.isWithin(bench.prefix.appending(wheels)))
            return path.description.split(separator: "/").suffix(2).joined(separator: "/")
        }
    }

    @Test("both layouts count, where the system has none of their libraries")
    func layouts() async throws {
        try make([
            "cudnn/lib/libcudnn.so.9", "cu13/lib/libcublas.so.13", "cu13/lib/libcudart.so.13", "z/lib/libz.so.1",
            "notes/lib/README", "odd/lib/python.so", "x",
        ])
        #expect(try await found() == ["cu13/lib", "cudnn/lib"])
        #expect(try await found(.full) == ["cu13/lib", "cudnn/lib", "z/lib"])
        #expect(try await found(.off) == [])
        #expect(try await found(cache: LinkerCache(places: ["libcudnn.so.9": []])) == ["cu13/lib", "z/lib"])
        #expect(try await found(cache: LinkerCache(places: [:])) == ["cu13/lib", "cudnn/lib", "z/lib"])
    }

    @Test("a soname of the system's counts, whatever its file is called")
    func soname() async throws {
        try await bench.library(
            "libenvdz.so", soname: "libz.so.1", at: bench.prefix.appending(wheels) / "disguised/lib")
        try await bench.library("libenvdgood.so", at: bench.prefix.appending(wheels) / "good/lib")
        #expect(try await found() == ["good/lib"])
    }

    @Test("a directory with an excluded library is not offered")
    func excluded() async throws {
        try make(["cudnn/lib/libcudnn.so.9", "cublas/lib/libcublas.so.12", "cublas/lib/libcublasLt.so.12"])
        #expect(try await found(excluding: ["*Lt.so.*"]) == ["cudnn/lib"])
        #expect(try await found(.full, excluding: ["*"]) == ["cublas/lib", "cudnn/lib"])
    }

    @Test("what is a link out of the prefix is not offered")
    func outside() async throws {
        let elsewhere = bench.directory.path / "elsewhere"
        try bench.directory.write("elsewhere/lib/libcudnn.so.9", "")
        try make(["b/lib/libcublas.so.12", "c/x", "d/lib/libx.so.1"])
        try FileSystem.replaceLink(bench.prefix.appending(wheels) / "a", to: elsewhere)
        try FileSystem.replaceLink(bench.prefix.appending(wheels) / "c/lib", to: elsewhere / "lib")
        try FileSystem.replaceLink(
            bench.prefix.appending(wheels) / "d/lib/libenvdodd.so.1", to: elsewhere / "lib/libcudnn.so.9")
        #expect(try await found() == ["b/lib"])
        #expect(try await found(.full) == ["b/lib", "d/lib"])
    }

    @Test("conda's libraries find those of the wheels, which come first")
    func both() async throws {
        let wheel = bench.prefix.appending(wheels) / "cublas/lib"
        let library = try await bench.library("libenvdcublas.so.12", at: wheel)
        try await bench.library("libenvdcudnn.so.9", needs: ["\(library)"])
        #expect(try await bench.find() == [wheel, bench.links])
        #expect(try FileSystem.list(bench.links) == ["libenvdcudnn.so.9"])
        #expect(try await bench.find(.full) == [wheel, bench.prefix / "lib"])
    }
}
