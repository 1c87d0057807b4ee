// SPDX-License-Identifier: Apache-2.0

/// The comparisons of one set that a calibration is fitted to.
public struct CalibrationSet: Sendable {
    /// Distances of probes to references of one number of samples.
    public struct Comparisons: Sendable {
        /// Samples of the same person.
        public var genuine: [Double]
        /// Samples of other people of the set, who make no effort.
        public var impostor: [Double]
        /// Forgeries of the person.
        public var skilled: [Double]
        /// For each impostor distance the people of the reference and of the probe, by number; empty where they are not
        /// known.
        public var impostorPeople: [SIMD2<UInt32>]

        public init(
            genuine: [Double], impostor: [Double], skilled: [Double] = [], impostorPeople: [SIMD2<UInt32>] = []
        ) {
            self.genuine = genuine
            self.impostor = impostor
            self.skilled = skilled
            self.impostorPeople = impostorPeople
        }
    }

    public let name: String
    /// Whether false-match rates are measured on this set and on others like it alone, and not on those that lack this.
    public let measuresFalseMatches: Bool
    /// By the number of samples of a reference.
    public let comparisons: [Int: Comparisons]

    public init(name: String, comparisons: [Int: Comparisons], measuresFalseMatches: Bool = false) {
        self.name = name
        self.measuresFalseMatches = measuresFalseMatches
        self.comparisons = comparisons
    }

    var genuine: [Double] { sorted.flatMap(\.genuine) }
    var impostor: [Double] { sorted.flatMap(\.impostor) }
    var skilledCount: Int { comparisons.values.reduce(0) { $0 + $1.skilled.count } }

    private var sorted: [Comparisons] { comparisons.sorted { $0.key < $1.key }.map(\.value) }
}
