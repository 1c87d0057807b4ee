// SPDX-License-Identifier: Apache-2.0

/// Why nothing can be measured.
public enum EvaluationError: Error, Sendable, Equatable {
    /// What is to be compared does not fit together; a clause.
    case mismatch(String)
    /// There is too little to compare; a clause.
    case tooLittle(String)
}

extension EvaluationError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .mismatch(let reason): "the embeddings and their labels do not fit together: \(reason)"
        case .tooLittle(let reason): "there is too little to evaluate: \(reason)"
        }
    }
}
