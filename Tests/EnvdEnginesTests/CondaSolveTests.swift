import EnvdCore
import EnvdEngines
import EnvdSystem
import EnvdTestSupport
import Foundation
import Testing

@Suite("rattler solves a conda layer", .serialized)
struct CondaSolveTests {
    @Test("records are exact, whole, by name, and survive being stored")
    func exact() async throws {
        let workshop = try await CondaWorkshop()
        let resolution = try await workshop.solve(workshop.layer(["demo-program", "demo-tool"]))
        #expect(resolution.records.map(\.name) == ["demo-program", "demo-tool", "libdemo", "python"])
        let library = try #require(resolution.records.first { $0.name == "libdemo" })
        #expect(library.version == "2.0" && library.build == "0")
        #expect(library.sha256?.count == 64 && library.md5?.count == 32)
        #expect(library.channel == "file://\(workshop.channels)/main")
        #expect(library.subdir == VirtualPackages.platform && !library.isNoarch)
        let tool = try #require(resolution.records.first { $0.name == "demo-tool" })
        #expect(tool.isNoarch && tool.subdir == "noarch")
        #expect(tool.details?["depends"] == .list([.text("python >=3.9")]))
        #expect(resolution.packages["libdemo"] == "2.0")
        let stored = try JSONEncoder().encode(resolution)
        #expect(try JSONDecoder().decode(CondaResolution.self, from: stored) == resolution)
    }

    @Test("with strict priority a version that only a later channel has is not taken")
    func strict() async throws {
        let workshop = try await CondaWorkshop()
        #expect(try await workshop.solve(workshop.layer(["layered"])).packages == ["layered": "1.0"])
        #expect(try await workshop.solve(workshop.layer(["only-other"])).packages == ["only-other": "1.0"])
        let failure = try await workshop.failure(["layered 2.*"])
        #expect(
            failure.message
                == "could not resolve `environment.yml`: the specs do not fit together, with strict channel priority")
        #expect(failure.location?.line == 5)
        #expect(failure.hint?.contains("layered 2.0 is excluded") == true)
        #expect(failure.hint?.contains("`channel_priority: flexible`") == true)
        // Nor where another package asks for it.
        #expect(try await workshop.failure(["wants-layered"]).message.hasSuffix("with strict channel priority"))
    }

    @Test("with flexible priority it is, and without priority the highest version goes first")
    func otherPriorities() async throws {
        let workshop = try await CondaWorkshop()
        let flexible = try await workshop.solve(workshop.layer(["layered 2.*"], priority: .flexible))
        #expect(flexible.packages == ["layered": "2.0"])
        #expect(
            try await workshop.solve(workshop.layer(["layered"], priority: .flexible)).packages == ["layered": "1.0"])
        #expect(
            try await workshop.solve(workshop.layer(["layered"], priority: .disabled)).packages == ["layered": "2.0"])
    }

    @Test("`channel::name` means the layer's channel of that name, against priority too")
    func named() async throws {
        let workshop = try await CondaWorkshop()
        let resolution = try await workshop.solve(workshop.layer(["other::layered"]))
        #expect(resolution.packages == ["layered": "2.0"])
        #expect(resolution.records.first?.channel == "file://\(workshop.channels)/other")
    }

    @Test("what an earlier resolution has stays where it still fits")
    func preferring() async throws {
        let workshop = try await CondaWorkshop()
        let earlier = try await workshop.solve(workshop.layer(["moving 1.0"]))
        let layer = try workshop.layer(["moving"])
        #expect(try await workshop.solve(layer).packages == ["moving": "1.1"])
        #expect(try await workshop.solve(layer, preferring: earlier).packages == ["moving": "1.0"])
        let newer = try await workshop.solve(workshop.layer(["moving >=1.1"]), preferring: earlier)
        #expect(newer.packages == ["moving": "1.1"])
    }

    @Test("variants are chosen by what the machine has, and one that asks for more says so")
    func virtualPackages() async throws {
        let workshop = try await CondaWorkshop()
        let layer = try workshop.layer(["accel"])
        func machine(_ cuda: String?) -> VirtualPackages {
            VirtualPackages(kernel: "6.1", glibc: "2.36", microarchitecture: nil, cuda: cuda, environment: [:])
        }
        #expect(try await workshop.solve(layer, machine: machine(nil)).records.map(\.build) == ["cpu_0"])
        #expect(try await workshop.solve(layer, machine: machine("11.8")).records.map(\.build) == ["cpu_0"])
        #expect(try await workshop.solve(layer, machine: machine("12.4")).records.map(\.build) == ["cuda_1"])
        #expect(try await workshop.solve(workshop.layer(["needs-glibc"])).packages.count == 1)
        let failure = try await workshop.failure(["needs-future"])
        #expect(failure.message == "could not resolve `environment.yml`: this machine has no `__glibc >=99`")
        #expect(failure.hint?.contains("needs-future 1.0 would require") == true)
    }

    @Test("the machine's own virtual packages are asked, the driver's CUDA excepted")
    func machine() async throws {
        let workshop = try await CondaWorkshop()
        let context = try workshop.context(["CONDA_OVERRIDE_GLIBC": "2.17", "CONDA_OVERRIDE_CUDA": "12.1"])
        let packages = try await workshop.rattler.machine(cuda: nil, context: context).packages
        #expect(packages.map(\.name) == ["__archspec", "__cuda", "__glibc", "__linux", "__unix"])
        #expect(packages[1].version == "12.1" && packages[2].version == "2.17")
        #expect(packages[0].version == "1" && !packages[0].build.isEmpty)
    }

    @Test("packages of a lock file are taken as they stand, without asking a channel")
    func locked() async throws {
        let workshop = try await CondaWorkshop()
        let url = "https://nowhere.invalid/forge/noarch/some-thing-2.0-pyh_1.conda"
        let layer = CondaLayer(
            format: .explicit, manifest: "explicit.txt",
            packages: [.init(url: url, sha256: nil, md5: "0123"), .init(url: "https://h/c/linux-64/a-1%2B2-0.tar.bz2")])
        let resolution = try await workshop.solve(layer)
        #expect(resolution.packages == ["a": "1+2", "some-thing": "2.0"])
        #expect(resolution.records[1].build == "pyh_1" && resolution.records[1].subdir == "noarch")
        #expect(resolution.records[1].channel == "https://nowhere.invalid/forge")
        let failure = try await workshop.workshop.failure {
            _ = try await workshop.solve(
                CondaLayer(format: .explicit, manifest: "explicit.txt", packages: [.init(url: "https://h/x.zip")]))
        }
        #expect(failure.message == "could not read `explicit.txt`: `https://h/x.zip` is no conda package")
    }
}

@Suite("Virtual packages")
struct VirtualPackagesTests {
    @Test("are named as conda names them, in one order")
    func text() {
        let packages = VirtualPackages(
            kernel: "6.1.0-18-amd64", glibc: "2.36", microarchitecture: "zen3", cuda: "12.4", cudaArchitecture: "8.6",
            environment: [:])
        #expect(
            packages.text
                == "__archspec=1=zen3\n__cuda=12.4=0\n__cuda_arch=8.6=0\n__glibc=2.36=0\n__linux=6.1.0=0\n__unix=0=0\n")
    }

    @Test("an override goes first, an empty one takes the package away")
    func overrides() {
        let packages = VirtualPackages(
            kernel: "6.1.0", glibc: "2.36", microarchitecture: "zen3", cuda: "12.4",
            environment: [
                "CONDA_OVERRIDE_CUDA": "", "CONDA_OVERRIDE_GLIBC": "2.17", "CONDA_OVERRIDE_LINUX": "5.4",
                "CONDA_OVERRIDE_ARCHSPEC": "skylake",
            ])
        #expect(packages.text == "__archspec=1=skylake\n__glibc=2.17=0\n__linux=5.4=0\n__unix=0=0\n")
    }

    @Test("the C library and the kernel of this machine are known")
    func own() throws {
        #expect(VirtualPackages.kernel.first?.isNumber == true)
        #expect(try #require(VirtualPackages.glibc).hasPrefix("2."))
    }
}
