// SPDX-License-Identifier: Apache-2.0

import CDecoder
import Imaging

extension ImagingError {
    /// Its number in a reply, with what belongs to it. Those that only a caller can throw have none.
    func write(to reply: inout likeness_decoder_reply) {
        func note(_ failure: UInt32, _ numbers: [Int] = [], _ format: ImageFormat? = nil, _ text: String = "") {
            reply.failure = failure
            reply.format = format.flatMap { ImageFormat.allCases.firstIndex(of: $0) }.map { UInt32($0) + 1 } ?? 0
            withUnsafeMutableBytes(of: &reply.numbers) { bytes in
                for (number, place) in zip(numbers, stride(from: 0, to: bytes.count, by: 8)) {
                    bytes.storeBytes(of: Int64(number), toByteOffset: place, as: Int64.self)
                }
            }
            let utf8 = Array(text.utf8.prefix(MemoryLayout.size(ofValue: reply.text)))
            reply.text_bytes = UInt32(utf8.count)
            withUnsafeMutableBytes(of: &reply.text) { $0.copyBytes(from: utf8) }
        }
        switch self {
        case .empty: note(1)
        case .fileTooLarge(let bytes, let limit): note(2, [bytes, limit])
        case .tooManyPixels(let width, let height, let limit): note(3, [width, height, limit])
        case .sideTooLong(let width, let height, let limit): note(4, [width, height, limit])
        case .noPixels: note(5)
        case .unsupportedFormat(let kind): note(6, [], nil, kind ?? "")
        case .unsupportedEncoding(let format, let detail): note(7, [], format, detail)
        case .truncated(let format): note(8, [], format)
        case .corrupt(let format, let detail): note(9, [], format, detail)
        case .tooMuchWork(let format, let detail): note(10, [], format, detail)
        case .tookTooLong(let limit):
            note(11, [Int(limit.components.seconds), Int(limit.components.attoseconds / 1_000_000_000)])
        case .stopped: note(12)
        case .decoderEnded(let reason), .decoderUnavailable(let reason): note(13, [], nil, reason)
        case .writing(let detail): note(13, [], nil, detail)
        }
    }

    /// What a reply says is wrong; nil where nothing is. A reply comes from a program that has read strangers' files:
    /// its text is held to what can be printed.
    init?(_ reply: likeness_decoder_reply) {
        guard reply.failure != 0 else { return nil }
        let text = withUnsafeBytes(of: reply.text) { bytes in
            String(decoding: bytes.prefix(Int(min(reply.text_bytes, UInt32(bytes.count)))), as: UTF8.self)
        }.filter { $0 >= " " && $0 != "\u{7F}" }
        let (a, b, c) = (Int(reply.numbers.0), Int(reply.numbers.1), Int(reply.numbers.2))
        let index = Int(reply.format) - 1
        let format = ImageFormat.allCases.indices.contains(index) ? ImageFormat.allCases[index] : .jpeg
        self =
            switch reply.failure {
            case 1: .empty
            case 2: .fileTooLarge(bytes: a, limit: b)
            case 3: .tooManyPixels(width: a, height: b, limit: c)
            case 4: .sideTooLong(width: a, height: b, limit: c)
            case 5: .noPixels
            case 6: .unsupportedFormat(kind: text.isEmpty ? nil : text)
            case 7: .unsupportedEncoding(format: format, detail: text)
            case 8: .truncated(format: format)
            case 9: .corrupt(format: format, detail: text)
            case 10: .tooMuchWork(format: format, detail: text)
            case 11: .tookTooLong(limit: .seconds(a) + .nanoseconds(b))
            case 12: .stopped
            default: .decoderEnded(reason: text.isEmpty ? "it answered with nonsense" : text)
            }
    }
}
