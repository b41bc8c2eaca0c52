import EnvdCore
import EnvdSystem
import EnvdTestSupport
import Testing

@Suite("Packages that lie in directories")
struct LocalDirectoryTests {
    @Test("of setup.py alone, however they are named, are built where they lie, and never taken from an index")
    func setupScripts() throws {
        let home = try Home()
        // Of this name an index has another one, which needs to be built from source.
        let script = "from setuptools import setup\nsetup(name='sub', version='1.2.3', py_modules=['sub_here'])\n"
        func project(_ name: String, _ package: String, _ manifest: String?, _ text: String = "") throws -> Path {
            var files = ["\(package)setup.py": script, "\(package)sub_here.py": "place = __file__\n"]
            if let manifest { files[manifest] = text }
            return try home.project(name, files: files)
        }
        let sources = "[project]\nname = \"x\"\nversion = \"1\"\ndependencies = [\"sub\"]\n[tool.uv.sources]\n"
        let address = "file://\(home.path)/address/sub"
        let roots = [
            try project("alone", "", nil), try project("relative", "sub/", "requirements.txt", "./sub\n"),
            try project("editable", "sub/", "requirements.txt", "-e ./sub\n"),
            try project("itself", "", "requirements.txt", "-e .\n"),
            try project("address", "sub/", "requirements.txt", "sub @ \(address)\n"),
            try project("source", "sub/", "pyproject.toml", sources + "sub = { path = \"sub\" }\n"),
            try project("deeper", "libs/sub/", "pyproject.toml", sources + "sub = { path = \"libs/sub\" }\n"),
        ]
        for root in roots { try home.envd("allow", in: root).expect(0) }
        for root in roots {
            try home.envd("wait", in: root).expect(0)
            let said = home.envd("exec", "--", "python", "-m", "pip", "show", "sub", in: root).output
            #expect(said.contains("Version: 1.2.3"), "\(root): \(said)")
        }
        // Again, where the first build left `sub.egg-info`.
        for root in [roots[0], roots[1]] {
            try home.envd("build", in: root).expect(0)
            try home.envd("wait", in: root).expect(0)
        }
    }
}
