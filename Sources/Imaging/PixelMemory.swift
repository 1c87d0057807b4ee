// SPDX-License-Identifier: Apache-2.0

/// Pixels that somebody else may have made and that stay where they are: of this process, or shared with another, which
/// could change them at any time. Nothing but levels is taken from them.
package final class PixelMemory {
    package let width: Int
    package let height: Int
    package let pixels: UnsafePointer<RGB>
    /// What keeps them; nil where they are this object's own.
    private let owner: AnyObject?

    /// - Precondition: `pixels` are width × height, for as long as the owner lives.
    package init(width: Int, height: Int, pixels: UnsafePointer<RGB>, owner: AnyObject) {
        self.width = width
        self.height = height
        self.pixels = pixels
        self.owner = owner
    }

    /// Memory of its own, which `fill` writes.
    package init(
        width: Int, height: Int, filledBy fill: (UnsafeMutablePointer<RGB>) throws(ImagingError) -> Void
    ) throws(ImagingError) {
        let memory = UnsafeMutablePointer<RGB>.allocate(capacity: width * height)
        do throws(ImagingError) {
            try fill(memory)
        } catch {
            memory.deallocate()
            throw error
        }
        self.width = width
        self.height = height
        pixels = UnsafePointer(memory)
        owner = nil
    }

    deinit {
        if owner == nil { pixels.deallocate() }
    }

    package var count: Int { width * height }

    /// A part of it, as it is.
    func cropped(_ part: PixelRegion) -> RGBImage {
        let pixels = [RGB](unsafeUninitializedCapacity: part.count) { buffer, count in
            guard let start = buffer.baseAddress else { return }
            for row in 0..<part.height {
                (start + row * part.width).initialize(
                    from: self.pixels + (part.top + row) * width + part.left, count: part.width)
            }
            count = part.count
        }
        return RGBImage(width: part.width, height: part.height, pixels: pixels)
    }

    func grayscale() -> GrayImage {
        let levels = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            for index in 0..<count { buffer.initializeElement(at: index, to: pixels[index].luma) }
            initialized = count
        }
        return GrayImage(width: width, height: height, pixels: levels)
    }
}
