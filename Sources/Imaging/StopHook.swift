// SPDX-License-Identifier: Apache-2.0

/// How the C readers ask whether to stop.
enum StopHook {
    /// Lends `shouldStop` to a C reader for as long as `body` takes.
    static func lend<Value>(_ shouldStop: () -> Bool, _ body: (UnsafeMutableRawPointer) -> Value) -> Value {
        withoutActuallyEscaping(shouldStop) { hook in
            var hook = hook
            return withUnsafeMutablePointer(to: &hook) { body(UnsafeMutableRawPointer($0)) }
        }
    }

    /// The question, with what ``lend(_:_:)`` gave for its context.
    static let ask: @convention(c) (UnsafeMutableRawPointer?) -> CInt = { context in
        context?.assumingMemoryBound(to: (() -> Bool).self).pointee() == true ? 1 : 0
    }
}
