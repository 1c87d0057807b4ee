// SPDX-License-Identifier: Apache-2.0

/// A window along one axis of an image.
@frozen
public struct BlockAxis {
    public var input: Int
    public var output: Int
    public var kernel: Int
    public var stride: Int
    public var dilation: Int
    /// The margin before the image.
    public var margin: Int

    @inlinable @inline(__always)

    public init(input: Int, output: Int, kernel: Int, stride: Int, dilation: Int, margin: Int) {
        self.input = input
        self.output = output
        self.kernel = kernel
        self.stride = stride
        self.dilation = dilation
        self.margin = margin
    }

    /// Where the window of an output begins; before the image where it is negative.
    @inlinable @inline(__always)
    public func origin(_ output: Int) -> Int { output &* stride &- margin }

    /// The window's positions that lie inside the image, of a window that begins at `origin`.
    @inlinable @inline(__always)
    public func positions(from origin: Int) -> (first: Int, end: Int) {
        let first = origin < 0 ? (dilation &- 1 &- origin) / dilation : 0
        let room = input &- origin
        let end = room <= 0 ? 0 : min(kernel, (room &+ dilation &- 1) / dilation)
        return (first, max(first, end))
    }

    /// How many positions of a window that begins at `origin` lie inside the image and its margins.
    @inlinable @inline(__always)
    public func positions(from origin: Int, upTo margin: Int) -> Int {
        let room = input &+ margin &- origin
        return room <= 0 ? 0 : min(kernel, (room &+ dilation &- 1) / dilation)
    }

    /// The outputs whose whole window lies inside the image.
    @inlinable @inline(__always)
    public var inner: (first: Int, end: Int) {
        let first = min(output, (margin &+ stride &- 1) / stride)
        let last = input &+ margin &- (kernel &- 1) &* dilation &- 1
        let end = last < 0 ? 0 : min(output, last / stride &+ 1)
        return (first, max(first, end))
    }
}
