// SPDX-License-Identifier: Apache-2.0

import Foundation
import Gallery

/// What the tests of faults have in common.
enum FaultRuns {
    /// How often a fault is made: as `LIKENESS_FAULT_RUNS` says.
    static func count(normally: Int) -> Int {
        ProcessInfo.processInfo.environment["LIKENESS_FAULT_RUNS"].flatMap(Int.init) ?? normally
    }

    /// How a gallery is opened under keys that are so many times the same byte; 0 is no key.
    static func options(_ current: Int, _ previous: Int, acceptsUnencrypted: Bool = false) -> SQLGallery.Options {
        var options = SQLGallery.Options()
        func key(_ byte: Int) -> WrappingKey? {
            byte == 0 ? nil : WrappingKey(bytes: [UInt8](repeating: UInt8(byte), count: 32))
        }
        options.keys = WrappingKeys(
            current: key(current), previous: key(previous), acceptsUnencrypted: acceptsUnencrypted)
        return options
    }
}
