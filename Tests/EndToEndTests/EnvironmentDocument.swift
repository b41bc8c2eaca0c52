import Foundation

/// The flat object of strings and nulls that `envd env --json` prints.
func environmentDocument(_ text: String) throws -> [String: String?] {
    try JSONDecoder().decode([String: String?].self, from: Data(text.utf8))
}
