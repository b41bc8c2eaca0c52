package import EnvdCore
internal import EnvdPackaging

/// One requirement of a requirements file, with the options of its own.
package struct RequirementsItem: Hashable, Sendable {
    package var isEditable = false
    /// Normalised; nil where only the engine can find it out.
    package var name: String?
    /// Normalised, in byte order.
    package var extras: [String] = []
    /// Without blanks, in byte order; of a wheel the version that its name says.
    package var specifiers: [String] = []
    /// A URL or path as written, without the extras after it.
    package var address: String?
    /// Whether it is written as `name @ address`.
    package var isNamed = false
    /// Normalised; nil where it always holds.
    package var marker: String?
    /// `sha256:…`, in byte order and once.
    package var hashes: [String] = []
    /// `--config-settings=…` and its like, in byte order of their names and keys.
    package var settings: [String] = []
    /// The line as written, where a variable in it hides from everybody but the engine what it means.
    package var unread: String?

    /// The file or directory of this machine that is meant, as the address writes it; nil for what is far away.
    package var localPath: Path? { address.flatMap { LocalAddress.path($0) } }

    /// The line in the one way that specs know.
    package var normalised: String {
        var text: String
        if let unread {
            text = unread
        } else if let address, !isNamed {
            text = isEditable ? "-e \(address)" : address
            if !extras.isEmpty, !address.hasSuffix("]") { text += "[\(extras.joined(separator: ","))]" }
            if let marker { text += " ; \(marker)" }
        } else {
            text = (isEditable ? "-e " : "") + (name ?? "")
            if !extras.isEmpty { text += "[\(extras.joined(separator: ","))]" }
            if let address { text += " @ \(address)" }
            text += isNamed ? "" : specifiers.joined(separator: ",")
            if let marker { text += (address == nil ? "; " : " ; ") + marker }
        }
        return ([text] + settings + hashes.map { "--hash=\($0)" }).joined(separator: " ")
    }

    mutating func take(_ uses: [RequirementsOption.Use]) {
        // Nothing that is edited in place can be held against a hash.
        hashes = isEditable ? [] : uses.filter { $0.option == .hash }.map(\.value).sortedAndUnique()
        let own = uses.filter { $0.option.isOfOneRequirement && $0.option != .hash }
        // The values of one key make a list: their order counts, that of the keys does not.
        func key(_ use: RequirementsOption.Use) -> String {
            "\(use.option.rawValue)=\(use.option == .configSettings ? use.value.prefix { $0 != "=" } : "")"
        }
        let sorted = own.enumerated().sorted { left, right in
            let (mine, its) = (key(left.element), key(right.element))
            return mine == its ? left.offset < right.offset : mine.utf8.lexicographicallyPrecedes(its.utf8)
        }
        settings = sorted.map { "\($0.element.option.rawValue)=\(ShellWords.quoted($0.element.value))" }
    }
}
