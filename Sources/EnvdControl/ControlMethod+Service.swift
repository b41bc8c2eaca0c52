package import EnvdCore

/// What every varlink service answers (varlink.org, `org.varlink.service`).
package enum VarlinkService {
    package struct Nothing: Codable, Sendable {
        package init() {}
    }

    /// Who serves, in which version: the first thing that a client asks.
    package enum GetInfo: ControlMethod {
        package static let name = "org.varlink.service.GetInfo"
        package typealias Parameters = Nothing
        package struct Reply: Codable, Sendable {
            package var vendor = "envd"
            package var product = "envd"
            package var version: String
            package var url = ""
            package var interfaces = ["org.varlink.service", Control.interface]

            package init(version: String) { self.version = version }
        }
    }
}

extension Control {
    /// Ends the daemon as SIGTERM does: a newer one wants its place. The connection ends with the process.
    package enum Stop: ControlMethod {
        package static let name = "\(interface).Stop"
        package typealias Parameters = VarlinkService.Nothing
        package typealias Reply = VarlinkService.Nothing
    }
}
