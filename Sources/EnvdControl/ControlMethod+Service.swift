package import EnvdCore

/// What every varlink service answers (varlink.org, `org.varlink.service`).
package enum VarlinkService {
    package static let interface = "org.varlink.service"

    package struct Nothing: Codable, Sendable {
        package init() {}
    }

    /// Who serves, in which version: the first thing that a client asks.
    package enum GetInfo: ControlMethod {
        package static let name = "\(interface).GetInfo"
        package typealias Parameters = Nothing
        package struct Reply: Codable, Sendable {
            package var vendor = "envd"
            package var product = "envd"
            package var version: String
            /// Where more is said of it.
            package var url = "man:envd(1)"
            package var interfaces = InterfaceFile.all.map(\.name)

            package init(version: String) { self.version = version }
        }
    }

    /// What an interface offers, in varlink's own words.
    package enum GetInterfaceDescription: ControlMethod {
        package static let name = "\(interface).GetInterfaceDescription"
        package struct Parameters: Codable, Sendable {
            package var interface: String
            package init(interface: String) { self.interface = interface }
        }
        package struct Reply: Codable, Sendable {
            package var description: String
            package init(description: String) { self.description = description }
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

    /// How projects stand, and again whenever that changes: the one method that goes on replying.
    ///
    /// The first reply, at once, has all that are watched; each that follows those that changed. One that was forgotten
    /// is there once more, as `forgotten`. It ends when the client closes its side.
    package enum Monitor: ControlMethod {
        package static let name = "\(interface).Monitor"
        package typealias Parameters = Status.Parameters
        package typealias Reply = StatusReport
    }
}
