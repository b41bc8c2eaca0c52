import EnvdCore
import Glibc
import Testing

/// Writes another text of the same length into a file, at a time after its package was unpacked.
func editInPlace(_ file: Path) throws {
    let handle = try #require(fopen(file.description, "r+"))
    fputs("!", handle)
    fclose(handle)
    var times = [timespec(tv_sec: time(nil) + 60, tv_nsec: 0), timespec(tv_sec: time(nil) + 60, tv_nsec: 0)]
    #expect(utimensat(AT_FDCWD, file.description, &times, 0) == 0)
}
