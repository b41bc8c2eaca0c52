/// Why a requirement, specifier or marker cannot be understood, in the user's words.
struct GrammarError: Error, Hashable {
    var cause: String
    init(_ cause: String) { self.cause = cause }
}
