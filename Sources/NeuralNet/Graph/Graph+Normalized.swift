// SPDX-License-Identifier: Apache-2.0

extension Graph {
    /// Whether what it gives out has length 1: whether its last node is LpNormalization over the last of two axes, by
    /// the Euclidean norm.
    public var isNormalized: Bool {
        guard let output = outputs.first?.name, let last = nodes.last(where: { $0.outputs.contains(output) }),
            last.operatorType == "LpNormalization"
        else { return false }
        func isIn(_ allowed: Set<Int>, _ key: String) -> Bool {
            guard let attribute = last.attributes[key] else { return true }
            if case .int(let value) = attribute { return allowed.contains(value) }
            return false
        }
        return isIn([2], "p") && isIn([1, -1], "axis")
    }
}
