// SPDX-License-Identifier: Apache-2.0

import FuzzSupport
import Varlink

/// A description of a Varlink interface.
@main enum InterfaceFuzz: FuzzTarget {
    static func read(_ input: [UInt8]) throws {
        _ = try InterfaceDescription(parsing: String(decoding: input, as: UTF8.self))
    }
}
