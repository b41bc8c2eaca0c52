import EnvdCore
import EnvdTestSupport
import TOMLKit
import Testing

@testable import EnvdManifest

/// Our parser against toml++, an independent one, on documents that both take.
@Suite("TOML reads as another parser reads it")
struct TOMLAgreementTests {
    private static let documents = [
        """
        # comment
        title = "TOML \\u00e9 \\t \\"quoted\\""
        path = 'C:\\raw'
        [project]
        name = "demo"
        dependencies = [
          "requests>=2,<3", # comment
          'numpy; python_version >= "3.9"',
        ]
        [project.optional-dependencies]
        test = ["pytest"]
        [tool.uv.sources]
        a = { path = "../a", editable = true }
        "quoted.key" = { git = "https://example.org/x.git" }
        [[tool.uv.index]]
        name = "one"
        url = "https://one.example/simple"
        [[tool.uv.index]]
        name = "two"
        explicit = true
        """,
        "a.b.c = 1\na.b.d = -17\nhex = 0xDEAD_BEEF\noct = 0o755\nbin = 0b1010\nbig = 9_223_372_036_854_775_807\n",
        "f = 1.5\ng = -2e-3\nh = 6.626e+34\nyes = true\nno = false\nempty = []\nnested = [[1, 2], [\"a\"], []]\n",
        "multi = \"\"\"\nfirst\\\n   joined\nlast \"\" end\"\"\"\nraw = '''\n\\n stays'''\n",
        "[a]\n[a.b]\nx = 1\n[c]\n[a.d]\ny = {z = 1, w = [1,\n2]}\n",
    ]

    @Test("tables, arrays, strings and numbers", arguments: documents)
    func agreement(document: String) throws {
        let ours = try TOMLParser.parse(Array(document.utf8))
        #expect(ours == Self.canonical(try TOMLTable(string: document)))
    }

    private static func canonical(_ table: TOMLTable) -> CanonicalValue {
        .table(Dictionary(uniqueKeysWithValues: table.keys.map { ($0, canonical(table[$0])) }))
    }

    private static func canonical(_ value: (any TOMLValueConvertible)?) -> CanonicalValue {
        if let table = value?.table { return canonical(table) }
        if let array = value?.array { return .list(array.map { canonical($0) }) }
        if let text = value?.string { return .text(text) }
        if let truth = value?.bool { return .truth(truth) }
        if let integer = value?.int { return .integer(Int64(integer)) }
        if let number = value?.double { return .number(number) }
        return .text("nothing that the documents hold")
    }
}
