// SPDX-License-Identifier: Apache-2.0

/// A pooling of `planes` (batch × channels) images.
package struct PoolShape: Sendable, Hashable {
    package let planes: Int
    package let inputHeight: Int
    package let inputWidth: Int
    package let outputHeight: Int
    package let outputWidth: Int
    package let window: SlidingWindow

    /// nil when the window has no place, or fewer than the output wants.
    package init?(
        planes: Int, inputHeight: Int, inputWidth: Int, outputHeight: Int, outputWidth: Int, window: SlidingWindow
    ) {
        guard planes > 0, outputHeight > 0, outputWidth > 0,
            let most = window.outputSize(height: inputHeight, width: inputWidth, ceilMode: true),
            outputHeight <= most.height, outputWidth <= most.width,
            TensorExtent.count([planes, inputHeight, inputWidth]) != nil,
            TensorExtent.count([planes, outputHeight, outputWidth]) != nil
        else { return nil }
        self.planes = planes
        self.inputHeight = inputHeight
        self.inputWidth = inputWidth
        self.outputHeight = outputHeight
        self.outputWidth = outputWidth
        self.window = window
    }

    package init?(planes: Int, inputHeight: Int, inputWidth: Int, window: SlidingWindow, ceilMode: Bool) {
        guard let size = window.outputSize(height: inputHeight, width: inputWidth, ceilMode: ceilMode) else {
            return nil
        }
        self.init(
            planes: planes, inputHeight: inputHeight, inputWidth: inputWidth,
            outputHeight: size.height, outputWidth: size.width, window: window)
    }

    /// Calls `body` for each place of the window with the input places it covers: the first inside the image, how
    /// many, and how many it would cover with the margin.
    @inline(__always)
    package func forEachPlace(_ body: (_ output: Int, _ rows: PoolSpan, _ columns: PoolSpan) -> Void) {
        for row in 0..<outputHeight {
            let rows = PoolSpan(
                position: row, kernel: window.kernelHeight, stride: window.strideHeight,
                dilation: window.dilationHeight,
                before: window.padTop, after: window.padBottom, extent: inputHeight)
            for column in 0..<outputWidth {
                let columns = PoolSpan(
                    position: column, kernel: window.kernelWidth, stride: window.strideWidth,
                    dilation: window.dilationWidth,
                    before: window.padLeft, after: window.padRight, extent: inputWidth)
                body(row * outputWidth + column, rows, columns)
            }
        }
    }
}

/// The places along one axis that a window covers.
package struct PoolSpan {
    /// The first place inside the image.
    package let first: Int
    /// How many places inside the image.
    package let count: Int
    /// How many places inside the image with its margin.
    package let countWithMargin: Int

    @inline(__always)
    package init(position: Int, kernel: Int, stride: Int, dilation: Int, before: Int, after: Int, extent: Int) {
        let start = position * stride - before
        let skipped = start < 0 ? (-start + dilation - 1) / dilation : 0
        first = start + skipped * dilation
        let end = min(kernel, first >= extent ? skipped : skipped + (extent - 1 - first) / dilation + 1)
        count = max(0, end - skipped)
        let limit = extent + after
        countWithMargin = start >= limit ? 0 : min(kernel, (limit - 1 - start) / dilation + 1)
    }
}
