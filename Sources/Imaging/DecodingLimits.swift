// SPDX-License-Identifier: Apache-2.0

/// How much of a file and of a picture is taken. The limits of size hold before anything is allocated for pixels.
public struct DecodingLimits: Sendable, Hashable {
    /// The most bytes a file may have.
    public var maximumFileBytes: Int
    /// The most pixels a picture may have.
    public var maximumPixels: Int
    /// How long decoding may take, however much else the machine does.
    public var maximumTime: Duration

    public static let `default` = DecodingLimits()

    /// The most pixels along a side: as many as JPEG can state, of which libjpeg reads 65,500. PNG can state 2³¹, and a
    /// picture of one column would cost more to keep track of than its pixels do.
    static let maximumSide = 65_535
    /// The same, for callers that are told a size.
    package static var longestSide: Int { maximumSide }

    public init(maximumFileBytes: Int = 64 << 20, maximumPixels: Int = 50_000_000, maximumTime: Duration = .seconds(10))
    {
        self.maximumFileBytes = maximumFileBytes
        self.maximumPixels = maximumPixels
        self.maximumTime = maximumTime
    }

    /// - Throws: ``ImagingError`` when the declared size is over the limit or empty.
    func check(width: Int, height: Int, maximumSide: Int = Self.maximumSide) throws(ImagingError) {
        guard width > 0, height > 0 else { throw .noPixels }
        guard max(width, height) <= maximumSide else {
            throw .sideTooLong(width: width, height: height, limit: maximumSide)
        }
        let (pixels, overflows) = width.multipliedReportingOverflow(by: height)
        guard !overflows, pixels <= maximumPixels else {
            throw .tooManyPixels(width: width, height: height, limit: maximumPixels)
        }
    }

    /// Runs `work` with a question whether to stop that says yes when `shouldStop` does, or when ``maximumTime`` is
    /// over.
    ///
    /// - Throws: what `work` throws; ``ImagingError/tookTooLong(limit:)`` in place of ``ImagingError/stopped`` when
    ///   it was the time.
    func timed<Value>(
        _ shouldStop: () -> Bool, _ work: (() -> Bool) throws(ImagingError) -> Value
    ) throws(ImagingError) -> Value {
        let clock = SuspendingClock(), end = clock.now.advanced(by: maximumTime)
        var isLate = false
        let result = withoutActuallyEscaping(shouldStop) { shouldStop in
            Result { () throws(ImagingError) in
                try work {
                    if shouldStop() { return true }
                    isLate = clock.now >= end
                    return isLate
                }
            }
        }
        return try result.mapError { $0 == .stopped && isLate ? .tookTooLong(limit: maximumTime) : $0 }.get()
    }
}
