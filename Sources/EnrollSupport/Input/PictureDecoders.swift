// SPDX-License-Identifier: Apache-2.0

import Decoding
import Imaging
import Synchronization
import Wording

/// Has the pictures that the command's user names decoded apart from the command, one decoder for each thread, and
/// remembers those that ended one.
public final class PictureDecoders: PictureDecoding {
    private let program: DecoderProgram
    private let losses = Mutex<[DecoderLoss]>([])

    /// The most losses that are told of one by one.
    private static let toldLosses = 20

    public init(_ program: DecoderProgram) {
        self.program = program
    }

    /// The program beside the running one, or in the folder `libexec/likeness` of the same installation.
    ///
    /// - Throws: a failure that says where it was looked for.
    public static func find() throws(CommandFailure) -> PictureDecoders {
        do {
            return PictureDecoders(try DecoderProgram.find())
        } catch {
            throw CommandFailure(.configuration, name: noDecoderName, message: error.description)
        }
    }

    /// The name of the failure where nothing can be decoded.
    static let noDecoderName = "NoDecoder"

    public func makeReader(limits: DecodingLimits) -> any PictureReader {
        DecodingApart(program) { [weak self] loss in self?.losses.withLock { $0.append(loss) } }
            .makeReader(limits: limits)
    }

    /// Tells of the pictures that ended a decoder on standard error, if there were any.
    public func complain() {
        try? StandardStream.standardError.write(complaints)
    }

    /// For standard error: how many pictures ended a decoder, and which; empty where none did.
    public var complaints: String {
        // Threads note them in any order.
        let losses = losses.withLock { $0 }.sorted { ($0.picture, $0.reason) < ($1.picture, $1.reason) }
        guard !losses.isEmpty else { return "" }
        let told = losses.prefix(Self.toldLosses).map {
            "enroll: a decoder ended over \(PrintableText.of("\($0.picture), \($0.reason)"))\n"
        }
        let rest = losses.count - told.count
        return told.joined() + (rest > 0 ? "enroll: and over \(rest) more\n" : "")
            + "enroll: \(NumberText.count(losses.count, "picture")) ended a decoder, and another took its place each time; "
            + "such pictures may be meant to do harm\n"
    }
}
