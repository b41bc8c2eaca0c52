internal import Glibc

/// What this machine has.
package enum ThisMachine {
    /// How many processors are online, 1 at the least (sysconf(3)).
    package static var processors: Int { max(sysconf(Int32(_SC_NPROCESSORS_ONLN)), 1) }
}
