package import EnvdCore
internal import Glibc

extension Timestamp {
    /// This moment, by the machine's clock.
    package static var now: Timestamp { Timestamp(seconds: Int64(time(nil))) }

    /// `2026-11-22 10:45`, by the user's own clock (`TZ`, else the machine's zone).
    package var local: String {
        var moment = time_t(seconds)
        var fields = tm()
        guard localtime_r(&moment, &fields) != nil else { return text }
        var buffer = [CChar](repeating: 0, count: 32)
        let count = strftime(&buffer, buffer.count, "%Y-%m-%d %H:%M", &fields)
        return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
