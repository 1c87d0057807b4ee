// SPDX-License-Identifier: Apache-2.0

/// One of several equal parts of what is counted.
package struct WorkPart: Sendable {
    package let index: Int
    package let count: Int

    /// - Precondition: `0 <= index < count`.
    package init(index: Int, count: Int) {
        self.index = index
        self.count = count
    }

    /// The one part that is all of it.
    package static var whole: WorkPart { WorkPart(index: 0, count: 1) }

    /// This part of `0..<total`; the parts differ by one at most.
    package func range(of total: Int) -> Range<Int> {
        total * index / count..<total * (index + 1) / count
    }

    /// This part where the parts differ in what is counted, else all of it.
    func range(of total: Int, if divides: Bool) -> Range<Int> { divides ? range(of: total) : 0..<total }
}
