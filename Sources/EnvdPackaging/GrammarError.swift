/// Why a requirement, specifier or marker cannot be understood, in the user's words.
package struct GrammarError: Error, Hashable {
    package var cause: String
    /// Where in the text, in bytes from its start; nil where all of it is meant.
    package var offset: Int?

    package init(_ cause: String, at offset: Int? = nil) {
        self.cause = cause
        self.offset = offset
    }

    /// The same error, where the text begins `bytes` further on in a longer one.
    package func moved(by bytes: Int) -> GrammarError { GrammarError(cause, at: (offset ?? 0) + bytes) }
}
