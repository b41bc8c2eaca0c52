internal import CMD
package import EnvdCore

extension Fingerprint {
    /// SHA-256 of `bytes`, by libmd.
    package init(of bytes: [UInt8]) {
        var context = SHA2_CTX()
        SHA256Init(&context)
        bytes.withUnsafeBufferPointer { SHA256Update(&context, $0.baseAddress, $0.count) }
        self.init(finishing: &context)
    }

    /// SHA-256 of a regular file's content, of any size.
    package init(ofFile path: Path) throws(SystemError) {
        let file = try RandomAccessFile(path)
        var context = SHA2_CTX()
        SHA256Init(&context)
        var offset = 0
        while offset < file.size {
            let bytes = file.read(at: offset, count: 1 << 20)
            if bytes.isEmpty { throw SystemError("read", path, code: 5) }
            bytes.withUnsafeBufferPointer { SHA256Update(&context, $0.baseAddress, $0.count) }
            offset += bytes.count
        }
        self.init(finishing: &context)
    }

    package init(of encoding: CanonicalEncoding) { self.init(of: encoding.bytes) }

    private init(finishing context: inout SHA2_CTX) {
        var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
        SHA256Final(&digest, &context)
        let digits = Array("0123456789abcdef")
        self.init(hex: String(digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }))
    }
}

extension ProjectID {
    /// The id of the project at a canonical path.
    package init(root: Path) { self.init(String(Fingerprint(of: root.bytes.bytes).hex.prefix(16))) }
}
