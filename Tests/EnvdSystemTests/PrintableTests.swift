import EnvdSystem
import Testing

@Suite("What a terminal is shown")
struct PrintableTests {
    @Test("obeys nothing in a text, hides nothing and turns nothing around")
    func harmless() {
        #expect("a\u{1b}[2Jb\u{7}c\u{9b}d\n\te".printable == "a?[2Jb?c?d\n\te")
        #expect("https://\u{202e}moc.elpmaxe\u{2066}\u{200b}\u{feff}\u{2028}".printable == "https://?moc.elpmaxe????")
    }

    @Test("and leaves every script as it is, with the joiners that writing needs")
    func scripts() {
        let text = "é 环境 कि\u{200d} می\u{200c}خواهم 👩\u{200d}🔬"
        #expect(text.printable == text)
    }
}
