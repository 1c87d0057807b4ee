// SPDX-License-Identifier: Apache-2.0

// Pointers to a parameter's numbers, which stay valid and are its only users while the body runs.

extension Parameter {
    func withValues(_ body: (UnsafePointer<Float>) -> Void) {
        values.withUnsafeBufferPointer { if let base = $0.baseAddress { body(base) } }
    }

    func withMutableValues(_ body: (UnsafeMutablePointer<Float>) -> Void) {
        values.withUnsafeMutableBufferPointer { if let base = $0.baseAddress { body(base) } }
    }

    func withGradient(_ body: (UnsafeMutablePointer<Float>) -> Void) {
        gradient.withUnsafeMutableBufferPointer { if let base = $0.baseAddress { body(base) } }
    }
}

extension Parameter? {
    func withValues(_ body: (UnsafePointer<Float>?) -> Void) {
        if let self { self.withValues { body($0) } } else { body(nil) }
    }

    func withGradient(_ body: (UnsafeMutablePointer<Float>?) -> Void) {
        if let self { self.withGradient { body($0) } } else { body(nil) }
    }
}
