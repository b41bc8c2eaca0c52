import EnvdCore
import EnvdTerminal
import Testing

@Suite("Text on a terminal")
struct TextTests {
    @Test(
        "is as wide as wcwidth says",
        arguments: [("weather", 7), ("天気", 4), ("e\u{301}te\u{301}", 3), ("🚀", 2), ("ｱｲ", 2), ("", 0), ("żółć", 4)])
    func width(text: String, columns: Int) { #expect(text.columns == columns) }

    @Test("is cut to a width, never through a character, with a mark")
    func clipping() {
        #expect("weather".clipped(to: 7, mark: "…") == "weather")
        #expect("weather".clipped(to: 5, mark: "…") == "weat…")
        #expect("天気予報".clipped(to: 6, mark: "…") == "天気…")
        #expect("e\u{301}e\u{301}e\u{301}".clipped(to: 2, mark: "…") == "e\u{301}…")
        #expect("~/a/long/way/to/weather".clippedAtStart(to: 15, mark: "…") == "…/to/weather")
        #expect("~/a/天気".clippedAtStart(to: 5, mark: "...") == "...気")
    }

    @Test("is broken between words, and a word only where it is wider than a line", arguments: 8...60)
    func wrapping(width: Int) {
        let text =
            "could not resolve `pyproject.toml`: 天気予報 was not found in the index at https://packages.example.org/simple/"
        let lines = StyledText(text, .bad).wrapped(to: width, hanging: 2)
        #expect(lines.allSatisfy { $0.columns <= width })
        let words = text.split(separator: " ").map(String.init)
        // Where all fit none is broken.
        for word in words where word.columns <= width - 2 {
            #expect(lines.contains { $0.text.split(separator: " ").contains { $0 == word } }, "\(word) in \(width)")
        }
        #expect(lines.map(\.text).joined().filter { $0 != " " } == text.filter { $0 != " " })
        #expect(lines.dropFirst().allSatisfy { $0.text.hasPrefix("  ") && !$0.text.hasPrefix("   ") })
    }

    @Test("has colours only where they are wanted, and nothing that a terminal obeys beside")
    func colors() {
        let text = StyledText("ready\u{1b}[31m\n\u{202e}", .good) + " now"
        #expect(text.rendered(color: false) == "ready?[31m?? now")
        #expect(text.rendered(color: true) == "\u{1b}[32mready?[31m??\u{1b}[0m now")
    }

    @Test("tells lengths of time and ages as people do")
    func times() {
        #expect(
            [0, 59, 60, 72, 3600, 7500].map(Elapsed.length) == [
                "0 s", "59 s", "1 min", "1 min 12 s", "1 h", "2 h 5 min",
            ])
        let now = Timestamp(seconds: 1_763_800_000)
        let ages = [0, 12, 60, 150, 3600, 90_000, 200_000, 61 * 86_400].map {
            Elapsed.age(now.adding(seconds: -$0), now: now)
        }
        #expect(
            ages == [
                "just now", "12 seconds ago", "1 minute ago", "2 minutes ago", "1 hour ago", "1 day ago", "2 days ago",
                "on 2025-09-22",
            ])
        // A clock that was set back.
        #expect(Elapsed.age(now.adding(seconds: 100), now: now) == "just now")
    }

    @Test("has bars of blocks or of ASCII, with the figure beside")
    func bars() {
        #expect(ProgressBar.text(0.5, width: 6, isUTF8: true) == "███░░░ 50 %")
        #expect(ProgressBar.text(0.34, width: 6, isUTF8: false) == "[##....] 34 %")
        #expect(ProgressBar.text(1, width: 4, isUTF8: true) == "████ 100 %")
    }
}
