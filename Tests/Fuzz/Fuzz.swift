// One of the fuzz targets under libFuzzer (llvm.org/docs/LibFuzzer.html): envd-fuzz NAME [libFuzzer's options and
// folders], or envd-fuzz --list. `make fuzz` builds and runs it; it is part of no other build.

import FuzzTargets
import Glibc

nonisolated(unsafe) private var target: FuzzTarget?

/// Takes the name from the arguments; the others are libFuzzer's.
@_cdecl("LLVMFuzzerInitialize")
public func chooseTarget(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>
) -> CInt {
    let name = count.pointee > 1 ? arguments.pointee[1].map { String(cString: $0) } : nil
    target = FuzzTarget.all.first { $0.name == name }
    if target == nil {
        FuzzTarget.all.forEach { print($0.name, $0.limit) }
        exit(name == "--list" ? 0 : 64)
    }
    arguments.pointee[1] = arguments.pointee[0]
    arguments.pointee += 1
    count.pointee -= 1
    return 0
}

@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ length: Int) -> CInt {
    target?.read(Array(UnsafeBufferPointer(start: bytes, count: length)))
    return 0
}

@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// What the package manager takes for the program's `main`.
@_cdecl("envd_fuzz_main")
public func runFuzzer(
    _ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> CInt {
    var (count, arguments) = (count, arguments)
    return runDriver(&count, &arguments) { testOneInput($0, $1) }
}
