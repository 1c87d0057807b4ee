// SPDX-License-Identifier: Apache-2.0

/// ONNX's AffineGrid of operator set 20: for each place of an image or a volume, where a matrix moves it. The size is
/// known when planning.
struct AffineGridOperator: Operator {
    private let alignCorners: Bool

    var plannedInputs: [Int] { [1] }

    init(_ reader: inout NodeReader) throws(NetworkError) {
        try reader.requireInputs(2, upTo: 2)
        alignCorners = try reader.flag("align_corners")
    }

    func lower(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> PlanValue {
        let node = inputs.node, make = Composition(node: node)
        let theta = try inputs.floats(0), size = try inputs.requiredIntegers(1)
        let axes = size.count - 2
        guard axes == 2 || axes == 3, size.allSatisfy({ $0 > 0 }), theta.shape == [size[0], axes, axes + 1],
            let places = elementCount(of: size[2...])
        else { throw node.invalid("matrices of shape \(theta.shape) do not suit the size \(size)") }
        try lowering.charge(shape: [places, axes + 1], elementSize: MemoryLayout<Float>.size, of: node)
        var values: [Float] = []
        values.reserveCapacity(places * (axes + 1))
        for place in 0..<places {
            var rest = place
            // The last axis comes first.
            for extent in size[2...].reversed() {
                values.append(coordinate(rest % extent, of: extent))
                rest /= extent
            }
            values.append(1)
        }
        let base = PlanValue.constant(
            ConstantValue(ConstantTensor(shape: [1, places, axes + 1], storage: .float(values))))
        let turned = try make.transpose(theta, [0, 2, 1], &lowering)
        return try make.multiplyMatrices(base, turned, &lowering).reshaped([size[0]] + size[2...] + [axes])
    }

    /// From −1 to 1: between the middles of the outermost places, or their edges.
    private func coordinate(_ index: Int, of extent: Int) -> Float {
        if alignCorners { return extent == 1 ? -1 : 2 * Float(index) / Float(extent - 1) - 1 }
        return (2 * Float(index) + 1) / Float(extent) - 1
    }
}
