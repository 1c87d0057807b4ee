// SPDX-License-Identifier: Apache-2.0

/// The window of a two-dimensional convolution or pooling. One dimension is a window of height 1.
package struct SlidingWindow: Sendable, Hashable {
    package var kernelHeight: Int
    package var kernelWidth: Int
    package var strideHeight: Int
    package var strideWidth: Int
    package var dilationHeight: Int
    package var dilationWidth: Int
    package var padTop: Int
    package var padLeft: Int
    package var padBottom: Int
    package var padRight: Int

    package init(
        kernelHeight: Int, kernelWidth: Int, strideHeight: Int = 1, strideWidth: Int = 1,
        dilationHeight: Int = 1, dilationWidth: Int = 1,
        padTop: Int = 0, padLeft: Int = 0, padBottom: Int = 0, padRight: Int = 0
    ) {
        self.kernelHeight = kernelHeight
        self.kernelWidth = kernelWidth
        self.strideHeight = strideHeight
        self.strideWidth = strideWidth
        self.dilationHeight = dilationHeight
        self.dilationWidth = dilationWidth
        self.padTop = padTop
        self.padLeft = padLeft
        self.padBottom = padBottom
        self.padRight = padRight
    }

    /// Places of the window; nil where there are none or the window itself is impossible.
    package func outputSize(height: Int, width: Int, ceilMode: Bool = false) -> (height: Int, width: Int)? {
        guard
            let rows = Self.positions(
                extent: height, kernel: kernelHeight, stride: strideHeight, dilation: dilationHeight,
                before: padTop, after: padBottom, ceilMode: ceilMode),
            let columns = Self.positions(
                extent: width, kernel: kernelWidth, stride: strideWidth, dilation: dilationWidth,
                before: padLeft, after: padRight, ceilMode: ceilMode)
        else { return nil }
        return (rows, columns)
    }

    /// The margin for as many places as the extent has strides: ONNX's auto_pad SAME_UPPER (`extraAtEnd`) and
    /// SAME_LOWER.
    package static func samePadding(
        extent: Int, kernel: Int, stride: Int, dilation: Int, extraAtEnd: Bool
    ) -> (begin: Int, end: Int) {
        guard bounded(extent), bounded(kernel), bounded(stride), bounded(dilation), stride > 0 else { return (0, 0) }
        let positions = (extent + stride - 1) / stride
        let total = max(0, (positions - 1) * stride + (kernel - 1) * dilation + 1 - extent)
        return extraAtEnd ? (total / 2, total - total / 2) : (total - total / 2, total / 2)
    }

    /// Places of the window along one axis; nil where there are none.
    static func positions(
        extent: Int, kernel: Int, stride: Int, dilation: Int, before: Int, after: Int, ceilMode: Bool
    ) -> Int? {
        guard [extent, kernel, stride, dilation, before, after].allSatisfy(bounded),
            kernel > 0, stride > 0, dilation > 0, extent > 0
        else { return nil }
        let room = extent + before + after - ((kernel - 1) * dilation + 1)
        guard room >= 0 else { return nil }
        guard ceilMode else { return room / stride + 1 }
        let positions = (room + stride - 1) / stride + 1
        // A window that would begin beyond the picture and its leading margin covers nothing.
        return (positions - 1) * stride >= extent + before ? positions - 1 : positions
    }

    /// Small enough that products of two do not overflow.
    private static func bounded(_ value: Int) -> Bool { value >= 0 && value <= 1 << 24 }
}
