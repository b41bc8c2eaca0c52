internal import EnvdCore
internal import EnvdPackaging

/// Names of channels → their addresses, by the user's settings.
struct CondaChannels {
    let settings: CondaSettings
    /// What relative paths of channels begin from.
    let base: Path
    /// Addresses as written, by the same without their credentials.
    private(set) var secrets: [String: String] = [:]

    init(settings: CondaSettings, base: Path) {
        self.settings = settings
        self.base = base
    }

    /// conda has these under an address of their own.
    private static let builtIn = [
        "pkgs/main", "pkgs/r", "pkgs/free", "pkgs/pro", "pkgs/msys2", "pkgs/archive", "pkgs/mro",
    ]
    private static let maximumMultichannelDepth = 4
    /// Bytes of a name or address.
    private static let maximumLength = 2 << 10
    /// Of one environment.
    static let maximumCount = 256

    /// The addresses behind a name, path or URL; several for `defaults` and its like.
    ///
    /// - Throws: where it is no channel.
    mutating func addresses(_ written: String, depth: Int = 0) throws(GrammarError) -> [String] {
        let text = written.trimmingBlanks()
        guard !text.isEmpty, text.utf8.count <= Self.maximumLength,
            !text.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F })
        else {
            throw GrammarError("`\(text.shortened)` is no channel", at: 0)
        }
        guard depth <= Self.maximumMultichannelDepth else {
            throw GrammarError("`\(text.shortened)` is a channel of itself", at: 0)
        }
        if text.contains("://") { return [try address(text)] }
        if text == "local" {
            throw GrammarError("`local` is a channel of one conda: name it by its `file://` address", at: 0)
        }
        if text.hasPrefix("/") || text.hasPrefix("./") || text.hasPrefix("../") || text == "." {
            return [try address("file://" + base.appending(Path(text)).withoutDots.description)]
        }
        if text.hasPrefix("~") {
            throw GrammarError("`\(text.shortened)` is no channel: write it as a `file://` address", at: 0)
        }
        if text == "defaults" || settings.customMultichannels[text] != nil {
            var result: [String] = []
            // A user's own list may be called `defaults`, too.
            let names = settings.customMultichannels[text] ?? settings.defaultChannels
            for name in names where name != "nodefaults" {
                if name == text { throw GrammarError("`\(text)` is a channel of itself", at: 0) }
                result += try addresses(name, depth: depth + 1)
            }
            return result
        }
        guard text.unicodeScalars.allSatisfy({ Self.isNameScalar($0) }), !text.hasPrefix("-") else {
            throw GrammarError("`\(text.shortened)` is no channel", at: 0)
        }
        return [try address(prefix(of: text) + "/" + text)]
    }

    private static func isNameScalar(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || "-_./+${}:".unicodeScalars.contains(scalar)
    }

    /// `custom_channels` counts for a name and for all below it.
    private func prefix(of name: String) -> String {
        var parts = name.split(separator: "/").map(String.init)
        while !parts.isEmpty {
            if let address = settings.customChannels[parts.joined(separator: "/")] { return Self.trimmed(address) }
            parts.removeLast()
        }
        if Self.builtIn.contains(where: { name == $0 || name.hasPrefix($0 + "/") }) {
            return "https://repo.anaconda.com"
        }
        let alias = Self.trimmed(settings.channelAlias)
        return alias.contains("://") ? alias : "https://\(alias)"
    }

    /// Without a subdirectory, a slash at the end, and credentials.
    private mutating func address(_ text: String) throws(GrammarError) -> String {
        var parts = Self.trimmed(text).split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let scheme = (parts.first ?? "").lowercased()
        guard ["https:", "http:", "file:", "s3:", "oci:"].contains(scheme), parts.count > 2,
            parts[2...].contains(where: { !$0.isEmpty })
        else {
            throw GrammarError("`\(text.shortened)` is no address of a channel", at: 0)
        }
        parts[0] = scheme
        if parts.count > 3, let last = parts.last, CondaPlatform.isKnown(last) { parts.removeLast() }
        let whole = parts.joined(separator: "/")
        let clean = Self.withoutCredentials(whole)
        if clean != whole { secrets[clean] = whole }
        return clean
    }

    private static func trimmed(_ address: String) -> String {
        var address = address[...]
        while address.hasSuffix("/"), !address.hasSuffix("://") { address = address.dropLast() }
        return String(address)
    }

    /// An address whose user, password or token (`/t/<token>/`) is left out, unless they are `${NAME}`s.
    static func withoutCredentials(_ address: String) -> String {
        var parts = address.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count > 2, parts[1].isEmpty, parts[0].hasSuffix(":") else { return address }
        if let at = parts[2].lastIndex(of: "@"), !isVariables(parts[2][..<at]) {
            parts[2] = String(parts[2][parts[2].index(after: at)...])
        }
        if parts.count > 4, parts[3] == "t", !isVariables(parts[4][...]) { parts.removeSubrange(3...4) }
        return parts.joined(separator: "/")
    }

    /// `${NAME}`, or two of them with a `:` between.
    private static func isVariables(_ text: Substring) -> Bool {
        text.split(separator: ":", omittingEmptySubsequences: false).allSatisfy {
            $0.hasPrefix("${") && $0.hasSuffix("}")
                && $0.dropFirst(2).dropLast().utf8.allSatisfy { byte in
                    PackageName.isLetterOrDigit(byte) || byte == UInt8(ascii: "_")
                }
        }
    }
}

extension Path {
    /// By names alone: `/a/./b/../c` is `/a/c`.
    var withoutDots: Path {
        var kept: [ByteString] = []
        for piece in bytes.split(separator: UInt8(ascii: "/")) where !piece.isEmpty && piece != "." {
            if piece == ".." { _ = kept.popLast() } else { kept.append(piece) }
        }
        return kept.reduce(Path.root) { $0.appending(Path($1)) }
    }
}
