import EnvdCore
import EnvdManifest
import EnvdSystem
import Testing

@Suite("Lock files of conda")
struct CondaLockTests {
    private static let platform = CondaPlatform.current
    private static let hash = String(repeating: "a", count: 64)

    /// One package of a conda-lock.yml.
    private static func package(
        _ name: String, _ version: String, manager: String = "conda", category: String = "main",
        platform: String = platform,
        url: String? = nil
    ) -> String {
        let address = url ?? "https://conda.anaconda.org/conda-forge/\(platform)/\(name)-\(version)-h1_0.conda"
        return """
            - {name: \(name), version: \(version), manager: \(manager), platform: \(platform), category: \(category),
               url: '\(address)', hash: {sha256: \(hash), md5: \(hash.prefix(32))}}

            """
    }

    private static func lock(_ packages: String..., sources: String = "environment.yml") -> String {
        "version: 1\nmetadata: {platforms: [\(platform)], sources: [\(sources)]}\npackage:\n" + packages.joined()
    }

    @Test("a conda-lock.yml alone is exact, with the packages of this machine, `main` and `dev`")
    func alone() throws {
        let text = Self.lock(
            Self.package("python", "3.11.4"), Self.package("zlib", "1.2", platform: "osx-64"),
            Self.package("make", "4", category: "dev"),
            Self.package("sphinx", "7", category: "docs"),
            Self.package(
                "six", "1.16.0", manager: "pip", url: "https://files.pythonhosted.org/packages/six-1.16.0.whl"),
            Self.package("own", "1", manager: "pip", url: "https://u:p@e.org/own-1.whl"))
        let project = try SampleProject(["conda-lock.yml": text])
        let spec = try project.spec()
        let layer = try #require(spec.conda)
        #expect(layer.format == .condaLock && layer.specs.isEmpty)
        #expect(
            layer.packages.map(\.url)
                == ["python-3.11.4", "make-4"].map { "\(forge)/\(Self.platform)/\($0)-h1_0.conda" })
        #expect(layer.packages[0].sha256 == Self.hash && layer.packages[0].md5?.utf8.count == 32)
        #expect(spec.python.format == .condaPip)
        #expect(
            spec.python.requirements == [
                "own @ https://e.org/own-1.whl --hash=sha256:\(Self.hash)", "six==1.16.0 --hash=sha256:\(Self.hash)",
            ])
        #expect(project.reading.channelSecrets["https://e.org/own-1.whl"] == "https://u:p@e.org/own-1.whl")
        let chosen = try SampleProject(["conda-lock.yml": text, "envd.toml": "groups = ['docs']"]).condaLayer()
        #expect(chosen.packages.count == 2 && chosen.packages[1].url.contains("sphinx"))
    }

    @Test(
        "beside an environment.yml it counts while it holds what is asked for",
        arguments: [
            ("python=3.11", true), ("python 3.11.4", true), ("python >=3.12", true), ("python=3.12", false),
            ("python ==3.11.5", false),
            ("numpy", false), ("python !=3.11.4", false), ("python 3.10.*|3.11.*", true), ("__glibc >=2.17", true),
            ("python=3.1", false),
        ])
    func fresh(spec: String, isFresh: Bool) throws {
        let project = try SampleProject([
            "environment.yml": "dependencies:\n- '\(spec)'\n- pip\n- pip: [six]\n",
            "conda-lock.yml": Self.lock(
                Self.package("python", "3.11.4"), Self.package("pip", "24"),
                Self.package(
                    "six", "1.16.0", manager: "pip", url: "https://files.pythonhosted.org/packages/six-1.16.0.whl")),
        ])
        let read = try project.spec()
        #expect(read.conda?.format == .environment && read.conda?.lock?.path == "conda-lock.yml")
        #expect((read.conda?.packages.isEmpty == false) == isFresh)
        #expect(read.python.requirements == (isFresh ? ["six==1.16.0 --hash=sha256:\(Self.hash)"] : ["six"]))
        let stale = project.reading.passedOver.filter { $0.path.name == "conda-lock.yml" }
        #expect(stale.isEmpty == isFresh, "\(stale)")
    }

    @Test("packages for pip that it does not hold make it stale, and what lies in a directory does not")
    func stalePip() throws {
        let lock = Self.lock(Self.package("python", "3.11.4"), Self.package("pip", "24"))
        for (line, isFresh) in [("six", false), ("python", true), ("-e ./lib", true)] {
            let layer = try SampleProject([
                "environment.yml": "dependencies: [python, pip, {pip: ['\(line)']}]", "conda-lock.yml": lock,
                "lib/setup.py": "",
            ]).condaLayer()
            #expect(layer.packages.isEmpty != isFresh, "\(line)")
        }
    }

    @Test("made of pyproject.toml, too, it holds that one's packages")
    func sources() throws {
        let project = try SampleProject([
            "environment.yml": "dependencies: [python]", "pyproject.toml": "[project]\nname = 'p'\nversion = '1'\n",
            "conda-lock.yml": Self.lock(Self.package("python", "3.11.4"), sources: "environment.yml, pyproject.toml"),
        ])
        #expect(try project.spec().python.format == .condaPip)
        #expect(project.reading.passedOver.map(\.reason) == ["`conda-lock.yml` was made of it, too"])
    }

    @Test(
        "a damaged one is told with its place",
        arguments: [
            ("version: 2\npackage: []", 1, "only version 1"), ("version: 1", nil, "no list `package`"),
            ("version: 1\npackage:\n- a", 3, "has to be a table"),
            ("version: 1\npackage:\n- {platform: \(platform), manager: conda, name: a}", 3, "no `url`"),
            ("version: 1\npackage:\n- {platform: win-64, manager: conda, name: a}", 3, "no packages for"),
            ("version: 1\npackage:\n- {platform: \(platform), manager: npm, name: a}", 3, "no manager"),
            (
                "version: 1\npackage:\n- {platform: \(platform), manager: conda, name: a, version: 1, url: 'https://e.org/b-1-0.conda'}",
                3, "not the address"
            ),
            (
                "version: 1\npackage:\n- {platform: \(platform), manager: conda, name: a, version: 1, url: 'https://e.org/a-1-0.conda', hash: {md5: xx}}",
                3, "no digest"
            ),
        ])
    func damaged(text: String, line: Int?, cause: String) throws {
        let diagnostic = try SampleProject(["conda-lock.yml": text]).diagnostic()
        #expect(diagnostic.message.contains(cause) && diagnostic.location?.line == line, "\(diagnostic)")
    }

    @Test("an `@EXPLICIT` list is exact, in its order, with its hashes")
    func explicit() throws {
        let md5 = String(repeating: "b", count: 32)
        let project = try SampleProject([
            "conda-\(Self.platform).lock": """
            # platform: \(Self.platform)
            @EXPLICIT
            https://u:p@e.org/ch/\(Self.platform)/z-1-0.conda#\(md5.uppercased())
            file:///srv/ch/noarch/a-1-0.tar.bz2#sha256:\(Self.hash)
            ./b-1-0.conda
            """
        ])
        let layer = try project.condaLayer()
        #expect(layer.format == .explicit && layer.channels.isEmpty)
        #expect(
            layer.packages == [
                .init(url: "https://e.org/ch/\(Self.platform)/z-1-0.conda", md5: md5),
                .init(url: "file:///srv/ch/noarch/a-1-0.tar.bz2", sha256: Self.hash),
                .init(url: "file://\(project.root)/b-1-0.conda"),
            ])
    }

    @Test(
        "a list that names no channels, or another machine, is refused with a word",
        arguments: [
            ("# platform: win-64\n@EXPLICIT\nhttps://e.org/noarch/a-1-0.conda\n", 1, "this machine is \(platform)"),
            (
                "# $ conda create --name <env> --file <this file>\nnumpy=1.26.4=py311_0\nzlib=1.2=h1_0\n", 1,
                "conda list --export"
            ),
            ("@EXPLICIT\n", 1, "no packages"), ("@EXPLICIT\nhttps://e.org/a.conda#zz\n", 2, "no address of a package"),
        ])
    func refused(text: String, line: Int, cause: String) throws {
        let diagnostic = try SampleProject(["environment.lock": text]).diagnostic()
        #expect(
            diagnostic.message.contains(cause) && diagnostic.location?.line == line && diagnostic.hint != nil,
            "\(diagnostic)")
    }
}
