/// Names of packages as the simple index has them.
package enum PackageName {
    /// Lower case, runs of `-`, `_` and `.` as one `-` (PEP 503).
    package static func normalised(_ name: some StringProtocol) -> String {
        var result = ""
        var isAfterSeparator = false
        for character in name.lowercased() {
            if character == "-" || character == "_" || character == "." {
                isAfterSeparator = true
            } else {
                if isAfterSeparator { result += "-" }
                isAfterSeparator = false
                result.append(character)
            }
        }
        return isAfterSeparator ? result + "-" : result
    }

    /// The name that a requirement (PEP 508) begins with, as it is written; empty where there is none.
    package static func leading(_ requirement: some StringProtocol) -> String {
        String(
            requirement.prefix {
                $0.isASCII && ($0.isLetter || $0.isNumber) || $0 == "-" || $0 == "_" || $0 == "."
            })
    }
}
