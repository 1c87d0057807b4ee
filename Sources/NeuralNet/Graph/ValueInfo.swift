// SPDX-License-Identifier: Apache-2.0

/// One extent of a declared shape.
public enum Dimension: Sendable, Hashable, CustomStringConvertible {
    case fixed(Int)
    /// Any extent, the same wherever the name stands in the inputs.
    case symbolic(String)
    case unknown

    public var description: String {
        switch self {
        case .fixed(let extent): "\(extent)"
        case .symbolic(let name): name
        case .unknown: "?"
        }
    }
}

/// The declaration of an input or output of a graph.
public struct ValueInfo: Sendable, Hashable {
    public var name: String
    public var shape: [Dimension]
    public var elementType: ElementType
    /// Whether the shape is declared; where it is not, which is so of outputs only, ``shape`` is empty and the plan tells
    /// it.
    public var hasShape: Bool

    public init(name: String, shape: [Dimension], elementType: ElementType = .float, hasShape: Bool = true) {
        self.name = name
        self.shape = shape
        self.elementType = elementType
        self.hasShape = hasShape
    }
}
