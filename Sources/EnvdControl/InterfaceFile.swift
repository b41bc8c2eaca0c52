/// The text that describes an interface, as contrib/varlink has it.
package struct InterfaceFile: Sendable {
    package let name: String
    private let bytes: [UInt8]

    package var text: String { String(decoding: bytes, as: UTF8.self) }

    package static let all = [
        InterfaceFile(name: VarlinkService.interface, bytes: PackageResources.org_varlink_service_varlink),
        InterfaceFile(name: Control.interface, bytes: PackageResources.dev_envd_Control_varlink),
    ]
}
