internal import CPosixShims
internal import EnvdCore
internal import Glibc

/// Tells when something of the machine's network comes up: a link, an address or a route (rtnetlink(7)).
package final class RouteMonitor {
    /// Non-blocking, close-on-exec; readable when there is news.
    package let descriptor: Int32

    package init() throws(SystemError) {
        descriptor = shim_route_monitor()
        guard descriptor >= 0 else { throw SystemError("watch the network") }
    }

    deinit { close(descriptor) }

    /// Reads all that waits.
    ///
    /// - Returns: whether anything came up; what went down is no news.
    package func read() -> Bool { shim_route_monitor_read(descriptor) == 1 }
}
