// SPDX-License-Identifier: Apache-2.0

/// Something that the harness, not the product, could not do.
public struct HarnessError: Error, CustomStringConvertible {
    public let description: String

    public init(_ description: String) {
        self.description = description
    }
}
