// SPDX-License-Identifier: Apache-2.0

import Crypto
import Imaging
import Wording

/// Images that are drawn after recordings of a pen, with pens, paper and resolutions as of generated signatures: what
/// the hand did is real, and what it wrote with never tells who it was or whether it forged.
public enum PenDrawings {
    /// Each recording drawn several times, otherwise each time.
    ///
    /// - Parameters:
    ///   - recordings: files of an ``IdentityFolder`` that was read for pen data.
    ///   - drawings: how often each is drawn; at least 1.
    ///   - seed: a drawing depends on it, on the order of the recordings, and on its own number alone.
    public static func images(
        of recordings: [LabeledImage], drawings: Int, seed: UInt64, options: SignatureSynthesizer.Options = .init()
    ) -> [LabeledImage] {
        var random = RandomSource(seed: seed)
        return recordings.flatMap { recording -> [LabeledImage] in
            let path = recording.source.name
            return (0..<drawings).map { number in
                let stream = random.fork()
                var drawn = recording
                let basis: @Sendable () throws -> String = {
                    let content = try BoundedFile.read(
                        path, limit: PenRecording.maximumBytes, noun: "recording of a pen")
                    return "\(options) \(HexadecimalText.of(SHA256.hash(data: content))) \(stream)"
                }
                drawn.source = .generated(name: "\(path)#\(number)", basis: basis) {
                    var stream = stream
                    let trajectory = try PenRecording.read(path).trajectory
                    return options.scanned(trajectory, pen: Pen(&stream), &stream).rgb()
                }
                return drawn
            }
        }
    }
}
