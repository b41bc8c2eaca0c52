import EnvdCore
import EnvdManifest
import EnvdSystem
import Testing

@Suite("Of several requirements files")
struct RequirementsChoiceTests {
    @Test(
        "the one for development is followed, with the main one where it does not include it",
        arguments: [
            (["requirements.txt": "a", "requirements-dev.txt": "b"], ["requirements.txt", "requirements-dev.txt"]),
            (["requirements.txt": "a", "requirements-dev.txt": "-r requirements.txt\nb"], ["requirements-dev.txt"]),
            (
                ["requirements.txt": "a", "dev-requirements.txt": "-c requirements.txt\nb"],
                ["requirements.txt", "dev-requirements.txt"]
            ),
            (["requirements.in": "a", "requirements.txt": "a==1"], ["requirements.in"]),
            (
                ["requirements.in": "a", "requirements.txt": "a==1", "requirements-dev.in": "-r requirements.txt\nb"],
                ["requirements-dev.in"]
            ),
            (
                ["requirements/base.txt": "a", "requirements/dev.txt": "-r base.txt", "requirements/prod.txt": "c"],
                ["requirements/dev.txt"]
            ),
            (
                ["requirements/base.txt": "a", "requirements/local.txt": "b"],
                ["requirements/base.txt", "requirements/local.txt"]
            ),
            (
                [
                    "requirements.txt": "-r requirements/prod.txt", "requirements/prod.txt": "c",
                    "requirements/dev.txt": "b",
                ],
                ["requirements/prod.txt", "requirements/dev.txt"]
            ),
            (
                [
                    "requirements.txt": "-r requirements/base.txt", "requirements/base.txt": "a",
                    "requirements/dev.txt": "-r base.txt",
                ],
                ["requirements/dev.txt"]
            ),
            (["requirements/web.txt": "a"], ["requirements/web.txt"]),
            (
                ["requirements/base.in": "a", "requirements/base.txt": "a==1", "requirements/dev.in": "-r base.in"],
                ["requirements/dev.in"]
            ),
        ] as [([String: String], [String])])
    func chosen(files: [String: String], expected: [String]) throws {
        let project = try SampleProject(files)
        let layer = try project.layer()
        #expect([layer.manifest.description] + layer.companions.map(\.manifest.description) == expected)
        #expect(project.isProject)
        let followed = project.reading.followed
        for file in files.keys {
            let path = project.root / file
            #expect(followed.contains(path) || project.reading.passedOver.contains { $0.path == path }, "\(file)")
        }
    }

    @Test("the lock file of each `.in` is known, and holds nothing where others include it")
    func locks() throws {
        let project = try SampleProject([
            "requirements.in": "six", "requirements.txt": "six==1.16.0",
            "requirements-dev.in": "-c requirements.txt\npytest",
            "requirements-dev.txt": "pytest==8.0",
        ])
        let layer = try project.layer()
        #expect(layer.lock?.path == "requirements.txt")
        #expect(layer.companions.map { $0.lock?.path } == ["requirements-dev.txt"])
        #expect(layer.requirements == ["pytest", "six"] && layer.constraints.isEmpty)
        #expect(project.inputs.isSuperset(of: ["requirements.txt", "requirements-dev.txt"]))
        try project.write("requirements-dev.txt", "--index-url https://e.org/simple\npytest==8.0")
        #expect(try project.layer().options == ["--index-url https://e.org/simple"])
        let before = try project.layer().lock
        try project.write("requirements.txt", "# by hand\n\nsix == 1.16.0\n    # via x\n")
        #expect(try project.layer().lock == before)
        try project.write("requirements.txt", "six==1.15.0")
        #expect(try project.layer().lock != before)
    }

    @Test("one that comes later is watched for")
    func later() throws {
        let project = try SampleProject(["requirements.txt": "a"])
        let expected: Set = [
            "requirements-dev.txt", "requirements.in", "requirements/dev.txt", "test-requirements.txt",
        ]
        #expect(project.inputs.isSuperset(of: expected))
        try project.write("requirements/base.txt", "b")
        #expect(project.inputs.isSuperset(of: ["requirements/dev.in", "requirements/local.txt"]))
    }

    @Test("files for development alone make no project, and a directory where none stands out is asked about")
    func none() throws {
        #expect(try !SampleProject(["requirements-dev.txt": "a"]).isProject)
        let several = try SampleProject(["requirements/web.txt": "a", "requirements/worker.txt": "b"])
        let diagnostic = try several.diagnostic()
        #expect(diagnostic.message.hasPrefix("could not choose among `requirements`"))
        #expect(diagnostic.hint == "name those to follow in envd.toml: inputs = [\"requirements/web.txt\"]")
        try several.write("envd.toml", "inputs = ['requirements/web.txt', 'requirements/worker.txt']\n")
        #expect(try several.layer().requirements == ["a", "b"])
    }
}
