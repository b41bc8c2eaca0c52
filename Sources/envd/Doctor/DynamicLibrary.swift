internal import Glibc

/// A shared library that is loaded by name while this process runs (dlopen(3)), for as long as it lives.
struct DynamicLibrary {
    enum Failure: Error {
        /// There is no such file.
        case absent
        /// The linker's own words.
        case unusable(String)
    }

    private let handle: UnsafeMutableRawPointer

    /// - Parameter name: with a slash a path, else for the linker to find.
    init(_ name: String) throws(Failure) {
        guard let handle = dlopen(name, RTLD_LAZY | RTLD_LOCAL) else {
            let words = dlerror().map { String(cString: $0) } ?? "it cannot be loaded"
            // A library that it needs in turn is named instead of it.
            if words.hasPrefix("\(name): cannot open shared object file: No such file") { throw .absent }
            throw .unusable(words.hasPrefix("\(name): ") ? String(words.dropFirst(name.count + 2)) : words)
        }
        self.handle = handle
    }

    /// The first of some functions that the library has.
    ///
    /// - Parameter type: its C type, which nobody checks.
    func function<Function>(_ names: String..., as type: Function.Type) -> Function? {
        for name in names {
            if let symbol = dlsym(handle, name) { return unsafeBitCast(symbol, to: type) }
        }
        return nil
    }
}
