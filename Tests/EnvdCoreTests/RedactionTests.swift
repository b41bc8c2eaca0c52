import EnvdCore
import Testing

@Suite("What is secret stays so")
struct RedactionTests {
    @Test(
        "passwords, tokens and keys of addresses are hidden, and the rest stays",
        arguments: [
            ("https://user:pw@example.org/simple", "https://***@example.org/simple"),
            ("https://token@example.org/simple", "https://***@example.org/simple"),
            ("git+ssh://git@example.org/x.git", "git+ssh://git@example.org/x.git"),
            ("git+ssh://git:pw@example.org/x.git", "git+ssh://***@example.org/x.git"),
            ("https://${USER}:${PASSWORD}@example.org/", "https://${USER}:${PASSWORD}@example.org/"),
            ("https://conda.example.org/t/tk-123/main/x", "https://conda.example.org/t/***/main/x"),
            ("https://e.org/s?a=b&token=t&c=d#egg=x", "https://e.org/s?a=b&token=***&c=d#egg=x"),
            ("https://e.org/s?X-Amz-Signature=t", "https://e.org/s?X-Amz-Signature=***"),
            (
                "--index-url=https://u:p@a/b (from `https://u:p@c`), end",
                "--index-url=https://***@a/b (from `https://***@c`), end"
            ),
            ("{\"a\":\"https://u:p@a\",\"b\":\"c@d\"}", "{\"a\":\"https://***@a\",\"b\":\"c@d\"}"),
            ("mail a@b.org, see https://e.org/a@b", "mail a@b.org, see https://e.org/a@b"),
            ("file:///home/a@b/x", "file:///home/a@b/x"),
            ("no address: a:b@c", "no address: a:b@c"),
            ("https://", "https://"), ("://@", "://***@"),
        ])
    func addresses(text: String, shown: String) {
        #expect(Redaction()(text) == shown)
        #expect(Redaction()(shown) == shown)
    }

    @Test("what variables hold that are called as secrets are is hidden wherever it stands")
    func values() {
        let redaction = Redaction([
            "UV_INDEX_X_PASSWORD": "swordfish", "POETRY_PYPI_TOKEN_X": "swordfish-2", "PATH": "/usr/bin",
            "A_TOKEN": "abc",
        ])
        #expect(redaction("got swordfish-2 and swordfish in /usr/bin abc") == "got *** and *** in /usr/bin abc")
        let diagnostic = redaction(Diagnostic("could not ask: swordfish", hint: "not swordfish"))
        #expect(diagnostic == Diagnostic("could not ask: ***", hint: "not ***"))
    }
}
