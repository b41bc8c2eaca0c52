import EnvdCore
import Testing

@Suite("A project's name in a prompt")
struct PromptTextTests {
    @Test(
        "keeps what is only shown, and nothing that is obeyed",
        arguments: [
            ("weather", "weather"), ("My project-1.2_x+y@z", "My project-1.2_x+y@z"), ("é 語", "é 語"), ("", ""),
            ("$(touch x)", "__touch x_"), ("`x`", "_x_"), ("%F{red}!\\", "_F_red___"), ("a\nb\u{1b}[31m", "a_b__31m"),
            ("\u{9b}31m\u{202e}x", "_31m_x"), ("'\"", "__"), ("-n", "-n"),
        ])
    func text(name: String, shown: String) { #expect(ByteString(name).promptText == ByteString(shown)) }

    @Test("is UTF-8 whatever the name is") func invalid() {
        #expect(ByteString([0x61, 0xff]).promptText == "a\u{fffd}")
    }
}
