// SPDX-License-Identifier: Apache-2.0

/// Nodes in an order in which every value is produced before it is used.
///
/// A depth-first walk in the order given, so that nodes already in order stay as they are. It keeps its own stack:
/// a chain may be as long as the file that describes it.
struct TopologicalOrder {
    private(set) var sorted: [Node] = []
    private let known: Set<String>
    /// The node that produces each value.
    private let producers: [String: Int]
    private let isInside: Bool

    /// - Parameters:
    ///   - known: the values that no node produces: inputs and initializers.
    ///   - isInside: whether the graph around may produce what these nodes do not.
    init(nodes: [Node], known: Set<String>, isInside: Bool = false) throws(NetworkError) {
        var producers: [String: Int] = [:]
        for (index, node) in nodes.enumerated() {
            for output in node.outputs where !output.isEmpty {
                guard !known.contains(output), producers.updateValue(index, forKey: output) == nil else {
                    throw .malformedModel(reason: "value “\(output)” is produced twice, once by node “\(node.label)”")
                }
            }
        }
        self.known = known
        self.producers = producers
        self.isInside = isInside
        let inputs = nodes.map { $0.inputs + $0.captured }
        sorted.reserveCapacity(nodes.count)
        var marks = [Mark](repeating: .unvisited, count: nodes.count)
        for index in nodes.indices {
            try visit(index, nodes, inputs, &marks)
        }
    }

    func isProduced(_ value: String) -> Bool { known.contains(value) || producers[value] != nil }

    private enum Mark { case unvisited, entered, placed }

    private mutating func visit(
        _ start: Int, _ nodes: [Node], _ allInputs: [[String]], _ marks: inout [Mark]
    ) throws(NetworkError) {
        guard marks[start] == .unvisited else { return }
        marks[start] = .entered
        /// Nodes entered, each with the number of its inputs already seen to.
        var path: [(node: Int, seen: Int)] = [(start, 0)]
        while let (index, seen) = path.last {
            let inputs = allInputs[index]
            guard seen < inputs.count else {
                marks[index] = .placed
                sorted.append(nodes[index])
                path.removeLast()
                continue
            }
            path[path.count - 1].seen += 1
            let value = inputs[seen]
            if value.isEmpty || known.contains(value) { continue }
            guard let producer = producers[value] else {
                if isInside { continue }
                throw .malformedModel(
                    reason: "nothing produces value “\(value)”, which node “\(nodes[index].label)” uses")
            }
            switch marks[producer] {
            case .placed: break
            case .entered: throw .malformedModel(reason: "value “\(value)” depends on itself")
            case .unvisited:
                marks[producer] = .entered
                path.append((producer, 0))
            }
        }
    }
}
