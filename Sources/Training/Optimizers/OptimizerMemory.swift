// SPDX-License-Identifier: Apache-2.0

/// The arrays that an optimiser keeps for its parameters, in their order.
struct OptimizerMemory {
    /// What there is for every parameter: the end of a name in ``OptimizerState/arrays``.
    let kinds: [String]
    private(set) var steps = 0
    private var names: [String] = []
    /// By kind, then by parameter.
    private var arrays: [[[Float]]]

    init(kinds: [String]) {
        self.kinds = kinds
        arrays = kinds.map { _ in [] }
    }

    /// Counts a step; the first one makes the arrays, of zeros.
    mutating func beginStep(_ parameters: [Parameter]) {
        let given = parameters.map(\.name)
        if names.isEmpty {
            precondition(Set(given).count == given.count, "the names of parameters are unique")
            names = given
            arrays = kinds.map { _ in parameters.map { Array(repeating: 0, count: $0.values.count) } }
        }
        precondition(given == names, "an optimiser is given the same parameters at every step")
        steps += 1
    }

    /// Calls `body` with the array of a parameter, for change in place; not at all where it is empty.
    mutating func withArray(_ kind: Int, of parameter: Int, _ body: (UnsafeMutablePointer<Float>) -> Void) {
        arrays[kind][parameter].withUnsafeMutableBufferPointer { if let base = $0.baseAddress { body(base) } }
    }

    /// As the other, for two kinds.
    mutating func withArrays(
        _ first: Int, _ second: Int, of parameter: Int,
        _ body: (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>) -> Void
    ) {
        precondition(first != second)
        arrays.withUnsafeMutableBufferPointer { arrays in
            arrays[first][parameter].withUnsafeMutableBufferPointer { first in
                arrays[second][parameter].withUnsafeMutableBufferPointer { second in
                    if let first = first.baseAddress, let second = second.baseAddress { body(first, second) }
                }
            }
        }
    }

    var state: OptimizerState {
        var named: [String: [Float]] = [:]
        for (kind, arrays) in zip(kinds, arrays) {
            for (name, array) in zip(names, arrays) { named["\(name)/\(kind)"] = array }
        }
        return OptimizerState(steps: steps, arrays: named)
    }

    mutating func restore(_ state: OptimizerState, for parameters: [Parameter]) throws(TrainingError) {
        let given = parameters.map(\.name)
        guard Set(given).count == given.count else {
            throw .invalidInput(reason: "two parameters have one name")
        }
        guard state.steps >= 0 else {
            throw .invalidInput(reason: "the saved optimiser has made \(state.steps) steps")
        }
        if state.steps == 0, state.arrays.isEmpty {
            self = OptimizerMemory(kinds: kinds)
            return
        }
        guard state.arrays.count == given.count * kinds.count else {
            throw .invalidInput(
                reason:
                    "the saved optimiser holds \(state.arrays.count) arrays, and this one needs \(given.count * kinds.count)"
            )
        }
        var restored: [[[Float]]] = []
        for kind in kinds {
            var arrays: [[Float]] = []
            for parameter in parameters {
                let name = "\(parameter.name)/\(kind)"
                guard let array = state.arrays[name] else {
                    throw .invalidInput(reason: "the saved optimiser has no “\(name)”")
                }
                guard array.count == parameter.values.count else {
                    throw .invalidInput(
                        reason:
                            "“\(name)” of the saved optimiser has \(array.count) values, and needs \(parameter.values.count)"
                    )
                }
                arrays.append(array)
            }
            restored.append(arrays)
        }
        names = given
        arrays = restored
        steps = state.steps
    }
}
