// SPDX-License-Identifier: Apache-2.0

import Imaging

/// Decodes in processes apart, one that is kept warm for each thread.
public struct DecodingApart: PictureDecoding {
    private let program: DecoderProgram
    private let report: @Sendable (DecoderLoss) -> Void

    /// - Parameter report: called for each decoder that ended over a picture, on the thread that reads it.
    public init(_ program: DecoderProgram, report: @escaping @Sendable (DecoderLoss) -> Void = { _ in }) {
        self.program = program
        self.report = report
    }

    public func makeReader(limits: DecodingLimits) -> any PictureReader {
        DecoderProcess(program, limits: limits, report: report)
    }
}

/// A decoder that ended over a picture, or that was ended.
public struct DecoderLoss: Sendable, Hashable {
    /// What the picture is called; empty where it has no name.
    public let picture: String
    /// What follows “the decoder ended, ”.
    public let reason: String
}
