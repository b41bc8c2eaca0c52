import EnvdCore

/// Random strings with all that a process can carry, the same in each run.
enum HostileStrings {
    /// A failure prints it: the strings follow from it alone.
    static let seed: UInt64 = 0x05ee_d0fe_11d5

    /// Pieces that mean something to one shell or another, to a terminal or to what decodes UTF-8.
    static let pieces: [[UInt8]] =
        [
            "$(touch canary)", "`touch canary`", "${x:=y}", "$HOME", "$'", "$\"", "$((1+1))", "\\", "'", "\"", "''",
            "'\\''", "'\"'\"'", "\\'", "\\\"", "\n", "\r", "\r\n", "\t", "\\\n", "\\n", "\\x41", "\\u0041", "\\0",
            "\u{1b}]0;x\u{7}", "\u{1b}[31m", "%F{red}", "%(?.a.b)", "%", "%s", "!!", "!x", "^a^b", "~", "~root", "=ls",
            "*", "?", "[a-z]", "{a,b}", "{1..3}", "@(x|y)", "<(ls)", "(e)", "^x", "&&", ";", "|", "&", ">canary", "<<x",
            "#", "# x", " ", "  ", "-n", "-e", "--", "-", ":", "=", "A=b", "()", "esac", "end", "\u{1}", "\u{7f}", "é",
            "語", "\u{1f40d}", "\u{fffd}", "\u{feff}", "\u{202e}", "\u{301}",
            // What fish keeps for itself: bytes that are no UTF-8, and characters that stand for expansions.
            "\u{f600}", "\u{f6ff}", "\u{f700}", "\u{e000}",
        ].map { Array($0.utf8) } + [
            [0xef, 0xb7, 0x90], [0xef, 0xb7, 0xaf], [0xef, 0xbf, 0xbf], [0xf4, 0x8f, 0xbf, 0xbf],
            // No UTF-8: alone, cut off, too long, surrogates, beyond the last.
            [0xff], [0xc3], [0xe2, 0x82], [0xf0, 0x9f, 0x90], [0xc0, 0x80], [0xed, 0xa0, 0x80],
            [0xf4, 0x90, 0x80, 0x80],
            [0x80], [0xc3, 0x27], [0xe2, 0x5c], [0xf0, 0x24],
            // What zsh keeps for itself: bytes that it escapes, and tokens.
            [0x83], [0x83, 0x20], [0x84], [0x85], [0x9e], [0xa1], [0xa2],
        ]

    /// At least ten thousand: each byte and each piece alone and between letters, long ones, then random ones.
    static let all: [ByteString] = {
        var random = Generator(state: seed)
        var strings: [[UInt8]] = [[], Array(1...255), Array((1...255).reversed())]
        for piece in (1...255).map({ [UInt8($0)] }) + pieces {
            strings += [piece, [0x61] + piece + [0x62], piece + [0x0a], piece + piece]
        }
        for byte in "'\\\n\"$`".utf8 + [0xff, 0x83, 0x01, 0x20] {
            strings.append([UInt8](repeating: byte, count: 4000))
        }
        while strings.count < 10_500 { strings.append(random.string()) }
        return strings.map { ByteString($0) }
    }()

    /// SplitMix64.
    private struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9e37_79b9_7f4a_7c15
            var word = state
            word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
            word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
            return word ^ (word >> 31)
        }

        mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

        mutating func string() -> [UInt8] {
            // Most are short, one in sixty is long.
            let length = below(60) == 0 ? below(4001) : below(48)
            var string: [UInt8] = []
            string.reserveCapacity(length)
            switch below(4) {
            case 0: while string.count < length { string.append(UInt8(1 + below(255))) }
            case 1:
                let signs = Array("'\"\\$`!\n *?[]{}()<>|&;#~=%^-:,.aA0".utf8)
                while string.count < length { string.append(signs[below(signs.count)]) }
            default:
                while string.count < length {
                    if below(3) == 0 { string.append(UInt8(ascii: "a") + UInt8(below(26))) }
                    string += pieces[below(pieces.count)]
                }
                string.removeLast(string.count - length)
            }
            if below(10) == 0 { string += [UInt8](repeating: 0x0a, count: 1 + below(3)) }
            return Array(string.prefix(4000))
        }
    }
}
