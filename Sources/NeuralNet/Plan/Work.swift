// SPDX-License-Identifier: Apache-2.0

/// An amount of work, in multiply-adds of a product of matrices: a core of a processor of today does about 40 thousand
/// million of them in a second. What is beyond counting is the greatest number.
struct Work: Sendable, Comparable {
    let units: Int

    static let zero = Work(0)

    /// The product of the factors, none of which is negative.
    init(_ factors: Int...) {
        var product = 1
        for factor in factors {
            let (next, overflows) = product.multipliedReportingOverflow(by: factor)
            guard !overflows else {
                // Nothing makes of any amount nothing.
                units = factors.contains(0) ? 0 : .max
                return
            }
            product = next
        }
        units = max(product, 0)
    }

    static func < (left: Work, right: Work) -> Bool { left.units < right.units }

    static func + (left: Work, right: Work) -> Work {
        let (sum, overflows) = left.units.addingReportingOverflow(right.units)
        return Work(overflows ? .max : sum)
    }
}

/// What kernels take for a thing that they do, as ``Work``. Measured roughly, and rather too much than too little.
enum WorkCost {
    /// A value that is written and what is read for it.
    static let value = 16
    /// A value that a loop takes on its own, as windows, indices and strides ask for.
    static let single = 40
    /// A function of a value that is computed for several at a time, such as an exponential.
    static let function = 80
    /// A function of a value that the system's library computes.
    static let libraryFunction = 800
    /// A call of the library for matrices.
    static let matrixCall = 8_000
    /// A weight that is brought into another layout.
    static let preparedWeight = 60
    /// A node that is looked at while planning, or an entry of a table of names that is copied.
    static let node = 100_000
    static let tableEntry = 4_000
}
