internal import CUV
internal import EnvdSystem

/// What every libuv handle shares: memory that libuv owns from its start until it says that it is closed.
///
/// A handle keeps itself alive: dropping the last reference to one does not stop it, `close()` does.
@LoopActor package class LoopHandle {
    /// The `uv_…_t`; gone once libuv has closed it.
    let raw: UnsafeMutableRawPointer
    /// Whether `close()` was called: nothing will be delivered any more.
    package private(set) var isClosed = false

    init(_ type: uv_handle_type) {
        raw = .allocate(byteCount: uv_handle_size(type), alignment: 16)
    }

    /// The handle as its own C type.
    func pointer<Handle>(as type: Handle.Type) -> UnsafeMutablePointer<Handle> {
        raw.assumingMemoryBound(to: type)
    }

    /// Hands the memory and a reference to this object to libuv; to be called after `uv_…_init`.
    final func adopt() {
        pointer(as: uv_handle_t.self).pointee.data = Unmanaged.passRetained(self).toOpaque()
    }

    /// Gives the memory back where `uv_…_init` failed.
    final func discard() {
        isClosed = true
        raw.deallocate()
    }

    /// Stops the handle for good; a second call does nothing.
    package func close() {
        if isClosed { return }
        isClosed = true
        willClose()
        uv_close(pointer(as: uv_handle_t.self)) { raw in
            guard let raw, let data = raw.pointee.data else { return }
            UnsafeMutableRawPointer(raw).deallocate()
            Unmanaged<LoopHandle>.fromOpaque(data).release()
        }
    }

    /// Where a kind of handle lets go of its actions, so that no cycle of references outlives it.
    func willClose() {}

    /// Throws what a libuv call returned: on Unix a negated `errno`.
    static func check(_ code: Int32, _ verb: String) throws(SystemError) {
        if code < 0 { throw SystemError(verb, code: -code) }
    }

    /// The object behind a handle that libuv calls back with; nil once it is closed.
    static func owner<Owner: LoopHandle>(_ handle: UnsafeMutableRawPointer?, as type: Owner.Type) -> Owner? {
        guard let data = handle?.assumingMemoryBound(to: uv_handle_t.self).pointee.data else { return nil }
        let owner = Unmanaged<LoopHandle>.fromOpaque(data).takeUnretainedValue() as? Owner
        return owner?.isClosed == true ? nil : owner
    }
}
