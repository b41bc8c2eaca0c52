/// The product's version, as `envd version` and the daemon's status say it (Semantic Versioning 2.0.0).
package enum Version {
    package static let text = "0.1.0"
}
