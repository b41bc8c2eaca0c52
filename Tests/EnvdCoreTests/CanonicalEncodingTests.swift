import EnvdCore
import EnvdSystem
import Foundation
import Testing

@Suite("Fingerprints of specs")
struct CanonicalEncodingTests {
    @Test("no two values share an encoding where their pieces touch")
    func boundaries() {
        var joined = CanonicalEncoding()
        joined.append(["ab"])
        var apart = CanonicalEncoding()
        apart.append(["a", "b"])
        #expect(joined.bytes != apart.bytes)

        var empty = CanonicalEncoding()
        empty.append(nil as CanonicalValue?)
        var text = CanonicalEncoding()
        text.append(CanonicalValue.text(""))
        #expect(empty.bytes != text.bytes)
    }

    @Test("tables compare by key, lists by order")
    func tables() {
        func encoding(_ value: CanonicalValue) -> [UInt8] {
            var encoding = CanonicalEncoding()
            encoding.append(value)
            return encoding.bytes
        }
        #expect(
            encoding(.table(["a": .integer(1), "b": .integer(2)]))
                == encoding(.table(["b": .integer(2), "a": .integer(1)])))
        #expect(encoding(.list([.integer(1), .integer(2)])) != encoding(.list([.integer(2), .integer(1)])))
        #expect(encoding(.integer(1)) != encoding(.number(1)))
    }

    @Test("every part of a spec changes its fingerprint")
    func parts() {
        let plain = Spec(name: "p", python: PythonLayer(format: .pyproject, manifest: "pyproject.toml"))
        var variants = [plain]
        func add(_ change: (inout Spec) -> Void) {
            var variant = plain
            change(&variant)
            variants.append(variant)
        }
        add { $0.name = "q" }
        add { $0.python.format = .requirements }
        add { $0.python.manifest = "x" }
        add { $0.python.lock = LockFile(path: "uv.lock", content: Fingerprint(hex: "1")) }
        add { $0.python.lock = LockFile(path: "uv.lock", content: Fingerprint(hex: "2")) }
        add { $0.python.requiresPython = [">=3.11"] }
        add { $0.python.requirements = [">=3.11"] }
        add { $0.python.constraints = [">=3.11"] }
        add { $0.python.groups = ["dev"] }
        add { $0.python.extras = ["dev"] }
        add { $0.python.options = ["--pre"] }
        add { $0.python.settings = .table([:]) }
        add { $0.python.project = EditableProject(name: "p", metadata: .table([:])) }
        add { $0.python.project = EditableProject(name: "p", metadata: .table(["a": .truth(true)])) }
        func conda(_ change: (inout CondaLayer) -> Void) {
            var layer = CondaLayer(format: .environment, manifest: "environment.yml")
            change(&layer)
            add { $0.conda = layer }
        }
        conda { _ in }
        conda { $0.format = .explicit }
        conda { $0.manifest = "conda.yml" }
        conda { $0.lock = LockFile(path: "conda-lock.yml", content: Fingerprint(hex: "1")) }
        conda { $0.channels = ["https://a"] }
        conda { $0.channelPriority = .flexible }
        conda { $0.specs = ["https://a"] }
        conda { $0.pins = ["https://a"] }
        conda { $0.packages = [.init(url: "https://a")] }
        conda { $0.packages = [.init(url: "https://a", sha256: "1")] }
        conda { $0.packages = [.init(url: "https://a", md5: "1")] }
        conda { $0.variables = ["A": "b"] }
        conda { $0.pip = .init(requirements: []) }
        conda { $0.pip = .init(requirements: ["a"]) }
        conda { $0.pip = .init(requirements: [], constraints: ["a"]) }
        conda { $0.pip = .init(requirements: [], options: ["a"]) }
        let fingerprints = Set(variants.map { Fingerprint(of: $0.canonicalEncoding) })
        #expect(fingerprints.count == variants.count)
    }

    @Test("a spec without conda has the fingerprint that it had before there was conda")
    func before() {
        var layer = PythonLayer(format: .requirements, manifest: "requirements.txt", requirements: ["six"])
        layer.companions = [.init(manifest: "dev.txt")]
        layer.engine = .uv
        let text = String(decoding: Spec(name: "p", python: layer).canonicalEncoding.bytes, as: UTF8.self)
        #expect(
            text
                == "s11:envd spec 1s1:ps12:requirementss16:requirements.txtl1:0l1:0l1:1s3:sixl1:0l1:0l1:0l1:0n0:l1:0n0:"
                + "s7:dev.txtl1:0s2:uv")
    }

    @Test("a record of a spec without conda is read, and one with it comes back as it was")
    func records() throws {
        let spec = Spec(name: "p", python: PythonLayer(format: .requirements, manifest: "requirements.txt"))
        let old = try JSONEncoder().encode(spec)
        #expect(!String(decoding: old, as: UTF8.self).contains("conda"))
        #expect(try JSONDecoder().decode(Spec.self, from: old) == spec)
        var hybrid = spec
        hybrid.conda = CondaLayer(
            format: .environment, manifest: "environment.yml", channels: ["https://a"], specs: ["python"],
            packages: [.init(url: "https://a", md5: "1")], variables: ["A": "b"], pip: .init(requirements: ["six"]))
        #expect(try JSONDecoder().decode(Spec.self, from: JSONEncoder().encode(hybrid)) == hybrid)
    }
}

@Suite("Variable names")
struct VariableNameTests {
    @Test(
        "only identifiers are names",
        arguments: [
            ("PATH", true), ("_x1", true), ("", false), ("1A", false), ("A-B", false), ("A B", false), ("A;rm", false),
            ("É", false), ("A\n", false),
        ])
    func identifiers(text: String, isName: Bool) {
        #expect((VariableName(text) != nil) == isName)
    }

    @Test("an addition drops what would make an empty element or two of one")
    func additions() {
        let addition = Delta.ListAddition(variable: .path, entries: ["", "/a:b", "/c"])
        #expect(addition.entries == ["/c"])
    }
}
