import EnvdCore
import EnvdSystem
import EnvdTestSupport
import Testing

@testable import EnvdEngines

@Suite("The system's linker cache")
struct LinkerCacheTests {
    @Test("it names the C library and where that is, and damaged ones name nothing")
    func names() throws {
        let bytes = try FileSystem.read("/etc/ld.so.cache")
        let cache = try LinkerCache()
        #expect(cache.knows("libc.so.6") && cache.libraries.contains("libc.so.6"))
        #expect(cache.places["libc.so.6"]?.contains { FileSystem.exists($0) } == true)
        #expect(try LinkerCache(reading: "/nowhere/ld.so.cache").libraries.isEmpty)
        for length in [0, 12, 47, 60, 100] { _ = LinkerCache.places(in: Array(bytes.prefix(length))) }
        #expect(LinkerCache.places(in: bytes.map { $0 == 0 ? 0xff : $0 }).isEmpty)
        // The table of the old format before it, as ldconfig -c compat writes it.
        let old = Array("ld.so-1.7.0\0".utf8) + [1, 0, 0, 0] + [UInt8](repeating: 0, count: 12 + 4)
        #expect(LinkerCache.places(in: old + bytes)["libc.so.6"] == cache.places["libc.so.6"])
    }

    @Test("its identity is another one once it was written again")
    func identity() throws {
        let directory = try TemporaryDirectory("cache")
        let file = try directory.write("cache", "one")
        let first = try LinkerCache.Identity(of: file)
        #expect(first != nil)
        #expect(try LinkerCache.Identity(of: file) == first)
        #expect(try LinkerCache(reading: file).identity == first)
        try directory.write("cache", "two")
        #expect(try LinkerCache.Identity(of: file) != first)
        #expect(try LinkerCache.Identity(of: "/nowhere/ld.so.cache") == nil)
        #expect(try LinkerCache(reading: "/nowhere/ld.so.cache").identity == nil)
    }
}
