import EnvdCore
import EnvdSystem
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
        let fingerprints = Set(variants.map { Fingerprint(of: $0.canonicalEncoding) })
        #expect(fingerprints.count == variants.count)
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
