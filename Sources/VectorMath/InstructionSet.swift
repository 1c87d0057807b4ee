// SPDX-License-Identifier: Apache-2.0

import CProcessor
import Foundation

/// What vector code is chosen for.
public enum InstructionSet: String, Sendable, Hashable, CaseIterable, Comparable {
    /// What every processor of the architecture has.
    case baseline
    /// AVX2 with fused multiplication.
    case avx2
    /// AVX-512 (F, BW, CD, DQ, VL).
    case avx512

    /// The best that this processor and its system have.
    public static let ofProcessor: InstructionSet =
        switch likeness_vector_level() {
        case 5: .avx512
        case 2: .avx2
        default: .baseline
        }

    /// The variable that chooses a lesser one than the processor has, for tests.
    public static let variable = "LIKENESS_ISA"

    /// What this process uses: the processor's best, or the lesser one that ``variable`` names. What the processor does
    /// not have is never used.
    public static let current: InstructionSet =
        ProcessInfo.processInfo.environment[variable]
        .flatMap(InstructionSet.init(rawValue:)).map { min($0, ofProcessor) } ?? ofProcessor

    /// All that this processor has.
    public static var available: [InstructionSet] { allCases.filter { $0 <= ofProcessor } }

    public static func < (first: InstructionSet, second: InstructionSet) -> Bool { first.rank < second.rank }

    private var rank: Int {
        switch self {
        case .baseline: 0
        case .avx2: 1
        case .avx512: 2
        }
    }
}
