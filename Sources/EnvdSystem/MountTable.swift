internal import EnvdCore
internal import Glibc

/// This process's mount table, open: poll(2) says POLLPRI each time that something was mounted or unmounted
/// (proc_pid_mounts(5)).
package final class MountTable {
    package let descriptor: Int32

    package init() throws(SystemError) {
        descriptor = FileSystem.open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemError("read", "/proc/self/mountinfo") }
    }

    deinit { close(descriptor) }
}
