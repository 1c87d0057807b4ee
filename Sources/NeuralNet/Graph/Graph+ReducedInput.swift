// SPDX-License-Identifier: Apache-2.0

extension Graph {
    /// The same network for larger images, which it makes smaller first: linearly, between the centers of pixels (ONNX's
    /// Resize, operator set 11).
    ///
    /// - Parameters:
    ///   - height, width: of the images that it is to take. Not more than twice its own, or pixels would be passed over.
    /// - Returns: nil where it does not take images of fixed sides as [batch, channels, height, width], or smaller ones
    ///   would have to be made larger.
    public func reducingInput(height: Int, width: Int) -> Graph? {
        guard opsetVersion >= 11, inputs.count == 1, inputs[0].shape.count == 4,
            case .fixed(let ownHeight) = inputs[0].shape[2], case .fixed(let ownWidth) = inputs[0].shape[3],
            ownHeight > 0, ownWidth > 0, (ownHeight...2 * ownHeight).contains(height),
            (ownWidth...2 * ownWidth).contains(width)
        else { return nil }
        if height == ownHeight, width == ownWidth { return self }
        var graph = self
        let image = inputs[0].name
        let used = Set(nodes.flatMap { $0.inputs + $0.outputs } + Array(initializers.keys))
        func unused(_ name: String) -> String { used.contains(name) ? unused(name + "'") : name }
        let reduced = unused("\(image)/reduced"), scales = unused("\(image)/scales")
        graph.nodes = nodes.map { node in node.renamed { $0 == image ? reduced : $0 } }
        graph.nodes.insert(
            Node(
                name: reduced, operatorType: "Resize", inputs: [image, "", scales], outputs: [reduced],
                attributes: ["mode": .string("linear"), "coordinate_transformation_mode": .string("half_pixel")]),
            at: 0)
        // The sides are rounded down from what the scales give, which must not fall short by a rounding of the scales.
        graph.initializers[scales] = ConstantTensor(
            shape: [4],
            storage: .float([1, 1, (Float(ownHeight) / Float(height)).nextUp, (Float(ownWidth) / Float(width)).nextUp]))
        graph.inputs[0].shape[2] = .fixed(height)
        graph.inputs[0].shape[3] = .fixed(width)
        return graph
    }
}
