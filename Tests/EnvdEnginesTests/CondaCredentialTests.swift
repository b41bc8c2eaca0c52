import EnvdCore
import EnvdEngines
import EnvdSystem
import EnvdTestSupport
import Testing

@Suite("Channels that ask who one is")
struct CondaCredentialTests {
    @Test(
        "are opened by what their address says, which is stored nowhere",
        arguments: ["me:${THE_SECRET}@", "me:s3cr%C3%A9t@", "/t/s3crét/"])
    func opened(way: String) async throws {
        let conda = try await CondaWorkshop()
        let server = try await ChannelServer(conda.channels, secret: way.hasPrefix("/") ? "s3crt" : "s3crét")
        let host = server.address.dropFirst("http://".count)
        let clean = "http://\(host)/main"
        let address = way.hasPrefix("/") ? "http://\(host)/t/s3crt/main" : "http://\(way)\(host)/main"
        let context = try conda.context(["THE_SECRET": "s3crét"])
        var layer = try conda.layer(["moving"], channels: ["main"])
        layer.channels = [clean]
        _ = try await conda.workshop.failure { _ = try await conda.solve(layer, context) }
        let settings = CondaOptions(secrets: [clean: address])
        let resolution = try await conda.solve(layer, settings: settings, context)
        #expect(resolution.packages == ["moving": "1.1"])
        #expect(resolution.records.allSatisfy { $0.url.hasPrefix(clean) })
        try await conda.install(resolution, layer, settings: settings, context)
        #expect(try conda.read("share/moving") == "1.1\n")
        for name in try FileSystem.list(conda.workshop.generation(1) / "conda-meta") {
            let text = try conda.read("conda-meta/\(name)")
            #expect(!text.contains("s3cr"))
        }
    }
}
