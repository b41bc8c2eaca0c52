package import EnvdCore

/// What the exported variable ENVD_PROMPT says: a name and a state with a blank between, for prompts and their frameworks.
package struct PromptText: Hashable, Sendable {
    package enum State: String, Hashable, Sendable {
        /// The environment is what the manifests say.
        case ready
        /// One is being built; the one before serves meanwhile, if there is one.
        case building
        /// The manifests, or what they ask for, cannot be had; the one before serves.
        case failed
        /// The environment is older than the manifests, and something has to happen before it can be built.
        case stale
    }

    package var name: ByteString
    package var state: State

    /// - Parameter name: anything; shells expand prompts, so that only what is harmless there stays of it.
    package init(name: ByteString, state: State) {
        self.name = Self.harmless(name)
        self.state = state
    }

    package var text: ByteString { name + " " + ByteString(state.rawValue) }

    /// Only letters, digits, blanks, `._+@-` and what is not ASCII; the rest becomes `_`.
    package static func harmless(_ name: ByteString) -> ByteString {
        let shown = ShellRenderer.printable(name.description)
        return ByteString(
            shown.bytes.map { byte in
                let isPlain =
                    switch byte {
                    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
                    case UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...: true
                    default: " ._+@-".utf8.contains(byte)
                    }
                return isPlain ? byte : UInt8(ascii: "_")
            })
    }
}
