internal import EnvdPackaging

/// The options that a requirements file may hold, by their long spelling.
enum RequirementsOption: String, CaseIterable {
    case requirement = "--requirement"
    case constraint = "--constraint"
    case editable = "--editable"
    case indexURL = "--index-url"
    case extraIndexURL = "--extra-index-url"
    case noIndex = "--no-index"
    case findLinks = "--find-links"
    case noBinary = "--no-binary"
    case onlyBinary = "--only-binary"
    case preferBinary = "--prefer-binary"
    case requireHashes = "--require-hashes"
    case noRequireHashes = "--no-require-hashes"
    case pre = "--pre"
    case allReleases = "--all-releases"
    case onlyFinal = "--only-final"
    case trustedHost = "--trusted-host"
    case useFeature = "--use-feature"
    // Of one requirement.
    case hash = "--hash"
    case configSettings = "--config-settings"
    case globalOption = "--global-option"
    case installOption = "--install-option"

    private static let short: [Character: Self] = [
        "r": .requirement, "c": .constraint, "e": .editable, "i": .indexURL, "f": .findLinks, "C": .configSettings,
    ]

    /// By its long name or an unambiguous beginning of it.
    ///
    /// - Throws: which options it might be, or that there is none.
    init(long name: String) throws(GrammarError) {
        if let option = Self(rawValue: name) {
            self = option
            return
        }
        // Only older pips know the last two.
        var found = Set(Self.allCases.dropLast(2).filter { $0.rawValue.hasPrefix(name) })
        if "--pypi-url".hasPrefix(name) { found.insert(.indexURL) }
        guard found.count <= 1 else {
            let names = found.map { "`\($0.rawValue)`" }.sorted().joined(separator: " or ")
            throw GrammarError("`\(name.shortened)` may be \(names)")
        }
        guard let option = found.first, name.utf8.count > 2 else {
            throw GrammarError("`\(name.shortened)` is no option of requirements files")
        }
        self = option
    }

    init(short letter: Character) throws(GrammarError) {
        guard let option = Self.short[letter] else {
            throw GrammarError("`-\(letter)` is no option of requirements files")
        }
        self = option
    }

    var takesValue: Bool {
        switch self {
        case .noIndex, .preferBinary, .requireHashes, .noRequireHashes, .pre: false
        default: true
        }
    }

    var isOfOneRequirement: Bool {
        switch self {
        case .hash, .configSettings, .globalOption, .installOption: true
        default: false
        }
    }

    /// An option as it stands on a line.
    struct Use: Hashable {
        var option: RequirementsOption
        /// Empty where it takes none.
        var value: String
        /// Where it begins, in bytes from the start of the words' text.
        var offset: Int
    }

    /// Reads the words as Python's `optparse` does; what belongs to no option is dropped, as pip drops it.
    ///
    /// - Throws: which word is no option, or lacks its value.
    static func uses(_ words: [ShellWords.Word]) throws(GrammarError) -> [Use] {
        var uses: [Use] = []
        var rest = words[...]
        while let word = rest.popFirst() {
            if word.text == "--" { break }
            if word.text == "-" { throw GrammarError("`-` is no option of requirements files", at: word.offset) }
            guard word.text.hasPrefix("-") else { continue }
            do throws(GrammarError) {
                var (option, value) = try named(word.text)
                if option.takesValue {
                    if value == nil, let next = rest.popFirst() { value = next.text }
                    guard let value, !value.isEmpty else {
                        throw GrammarError("`\(option.rawValue)` needs a value")
                    }
                    uses.append(Use(option: option, value: try option.checked(value), offset: word.offset))
                } else {
                    if value != nil { throw GrammarError("`\(option.rawValue)` takes no value") }
                    uses.append(Use(option: option, value: "", offset: word.offset))
                }
            } catch {
                throw error.moved(by: word.offset)
            }
        }
        return uses
    }

    /// `--name=value`, `-nvalue` (pip) and `-n=value` (uv).
    private static func named(_ word: String) throws(GrammarError) -> (Self, String?) {
        if word.hasPrefix("--") {
            guard let equals = word.firstIndex(of: "=") else { return (try Self(long: word), nil) }
            return (try Self(long: String(word[..<equals])), String(word[word.index(after: equals)...]))
        }
        let letter = word[word.index(after: word.startIndex)]
        let option = try Self(short: letter)
        let value = word.dropFirst(word.dropFirst(2).first == "=" && option != .configSettings ? 3 : 2)
        return (option, value.isEmpty ? nil : String(value))
    }

    private static let hashes = ["sha256", "sha384", "sha512", "md5", "blake2b"]

    /// The value in the one way in which specs know it.
    private func checked(_ value: String) throws(GrammarError) -> String {
        switch self {
        case .hash:
            guard let colon = value.firstIndex(of: ":") else {
                throw GrammarError("`\(value.shortened)` is no hash: it has to be like `sha256:…`")
            }
            guard Self.hashes.contains(String(value[..<colon])) else {
                throw GrammarError(
                    "`\(value[..<colon].shortened)` is no kind of hash that is taken: \(Self.hashes.joined(separator: ", "))"
                        + " are")
            }
            return value
        case .configSettings:
            guard value.contains("=") else {
                throw GrammarError("`\(value.shortened)` is no setting: it has to be like `key=value`")
            }
            return value
        case .noBinary, .onlyBinary, .allReleases, .onlyFinal:
            if value.hasPrefix("-") { throw GrammarError("`\(rawValue)` needs a value") }
            let names = value.split(separator: ",", omittingEmptySubsequences: false)
            return names.map { [":all:", ":none:"].contains($0) ? String($0) : PackageName.canonical($0) }
                .joined(separator: ",")
        default: return value
        }
    }
}

extension [RequirementsOption.Use] {
    /// What they set for the whole file, in the order in which pip lets them count within a line.
    ///
    /// Of several index URLs the last counts, of several places with links the first.
    var global: [String] {
        func all(_ option: RequirementsOption) -> [String] {
            filter { $0.option == option }.map { $0.value.isEmpty ? option.rawValue : "\(option.rawValue) \($0.value)" }
        }
        var lines = Array<String>(all(.noIndex).prefix(1) + all(.indexURL).suffix(1))
        lines += all(.extraIndexURL) + all(.findLinks).prefix(1)
        lines += formats
        for option: RequirementsOption in [
            .pre, .preferBinary, .requireHashes, .noRequireHashes, .trustedHost, .useFeature,
        ] {
            lines += all(option)
        }
        return lines
    }

    /// What counts for the whole file even after a requirement or an include.
    var formats: [String] {
        filter { [.noBinary, .onlyBinary, .allReleases, .onlyFinal].contains($0.option) }
            .map { "\($0.option.rawValue) \($0.value)" }
    }
}
