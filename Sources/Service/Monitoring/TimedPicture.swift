// SPDX-License-Identifier: Apache-2.0

import Imaging
import Synchronization

/// A picture that knows how long its pixels took to be read.
final class TimedPicture: PictureSource {
    private let picture: any PictureSource
    private let elapsed = Mutex(Duration.zero)

    init(_ picture: any PictureSource) {
        self.picture = picture
    }

    var readingTime: Duration { elapsed.withLock { $0 } }
    var width: Int { picture.width }
    var height: Int { picture.height }

    func pixels(of part: PixelRegion, width: Int, height: Int) throws(ImagingError) -> RGBImage {
        let begun = ContinuousClock.now
        defer { count(since: begun) }
        return try picture.pixels(of: part, width: width, height: height)
    }

    func grayscale() throws(ImagingError) -> GrayImage {
        let begun = ContinuousClock.now
        defer { count(since: begun) }
        return try picture.grayscale()
    }

    private func count(since begun: ContinuousClock.Instant) {
        let time = begun.duration(to: .now)
        elapsed.withLock { $0 += time }
    }
}
