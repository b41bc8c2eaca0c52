import EnvdCore
import Testing

@Suite("JSON")
struct JSONTextTests {
    @Test("every kind of value is read; null is as if it were not there")
    func values() throws {
        let text =
            #"{"a": [1, -2.5e1, true, false, null, "x"], "b": {}, "c": null, "d": "\u00e9\ud83d\ude00\n\"", "a\/": 9007199254740993}"#
        #expect(
            try JSONText.parse(Array(text.utf8))
                == .table([
                    "a": .list([.integer(1), .number(-25), .truth(true), .truth(false), .text("x")]),
                    "b": .table([:]), "d": .text("é😀\n\""), "a/": .integer(9_007_199_254_740_993),
                ]))
        #expect(try JSONText.parse([0xEF, 0xBB, 0xBF] + Array(" [] \n".utf8)) == .list([]))
    }

    @Test(
        "what is wrong is told with line and column",
        arguments: [
            ("", 1, 1), ("{", 1, 2), ("{\n  \"a\" 1}", 2, 7), ("[1,]", 1, 4), ("{\"a\": tru}", 1, 7), ("[1] x", 1, 5),
            ("\"\u{1}\"", 1, 3), ("\"\\q\"", 1, 4), ("<<<<<<< HEAD\n{}", 1, 1), ("[1.2.3]", 1, 2), ("\"abc", 1, 5),
            ("\"\\ud83d\\u0041\"", 1, 14),
        ])
    func mistakes(text: String, line: Int, column: Int) throws {
        let error = #expect(throws: JSONText.SyntaxError.self) { try JSONText.parse(Array(text.utf8)) }
        #expect(error?.line == line && error?.column == column, "\(String(describing: error))")
    }

    @Test("depth and count are bounded")
    func bounds() throws {
        for text in [
            String(repeating: "[", count: 100_000), String(repeating: "{\"a\":", count: 100_000),
            "[" + String(repeating: "1,", count: 600_000) + "1]",
        ] {
            #expect(throws: JSONText.SyntaxError.self) { try JSONText.parse(Array(text.utf8)) }
        }
        let nested = String(repeating: "[", count: 60) + String(repeating: "]", count: 60)
        #expect(throws: Never.self) { try JSONText.parse(Array(nested.utf8)) }
    }
}
