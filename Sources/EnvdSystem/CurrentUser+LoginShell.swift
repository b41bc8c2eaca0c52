package import EnvdCore
internal import Glibc

extension CurrentUser {
    /// The shell of the user's entry in the password database; nil where there is none (passwd(5)).
    package static var loginShell: Path? {
        var (entry, found) = (passwd(), UnsafeMutablePointer<passwd>?.none)
        var buffer = [CChar](repeating: 0, count: 1 << 14)
        guard getpwuid_r(getuid(), &entry, &buffer, buffer.count, &found) == 0, found != nil, let shell = entry.pw_shell
        else { return nil }
        let bytes = UnsafeBufferPointer(start: shell, count: strlen(shell)).map { UInt8(bitPattern: $0) }
        return bytes.first == UInt8(ascii: "/") ? Path(ByteString(bytes)) : nil
    }
}
