/// A NULL-terminated array of C strings, as execve(2) takes its arguments and environment.
struct CStrings: ~Copyable {
    private let strings: [UnsafeMutablePointer<CChar>]
    let pointer: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>

    init(_ values: [[UInt8]]) {
        strings = values.map { bytes in
            let string = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count + 1)
            for (index, byte) in bytes.enumerated() { string[index] = CChar(bitPattern: byte) }
            string[bytes.count] = 0
            return string
        }
        pointer = .allocate(capacity: values.count + 1)
        for (index, string) in strings.enumerated() { (pointer + index).initialize(to: string) }
        (pointer + values.count).initialize(to: nil)
    }

    deinit {
        for string in strings { string.deallocate() }
        pointer.deallocate()
    }
}
