import Foundation
import Imaging
import ProgramHarness
import Testing

@Suite("Files that are no good get an error that names the cause")
struct HostileFileTests {
    static let picture: RGBImage = {
        var random = SeededGenerator(seed: 3)
        return RGBImage(width: 41, height: 29, pixels: (0..<41 * 29).map { _ in
            RGB(red: .random(in: 0...255, using: &random), green: .random(in: 0...255, using: &random), blue: 7)
        })
    }()

    private func error(_ bytes: [UInt8], limits: DecodingLimits = .default) -> ImagingError? {
        do {
            _ = try RGBImage(decoding: bytes, limits: limits)
            return nil
        } catch {
            return error
        }
    }

    /// A PNG whose header states a size, without image data.
    private func header(width: UInt32, height: UInt32) -> [UInt8] {
        var body = Array("IHDR".utf8)
        for side in [width, height] { body += (0..<4).map { UInt8(truncatingIfNeeded: side >> (24 - 8 * $0)) } }
        body += [8, 2, 0, 0, 0]
        var crc: UInt32 = ~0
        for byte in body {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? 0xEDB8_8320 ^ crc >> 1 : crc >> 1 }
        }
        crc = ~crc
        return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13] + body
            + (0..<4).map { UInt8(truncatingIfNeeded: crc >> (24 - 8 * $0)) } + [0, 0, 0, 0] + Array("IDAT".utf8)
    }

    @Test("No bytes, foreign formats and plain text")
    func foreign() {
        #expect(error([]) == .empty)
        #expect(error(Array("GIF89a...".utf8)) == .unsupportedFormat(kind: "GIF"))
        #expect(error(Array("RIFF....WEBPVP8 ".utf8)) == .unsupportedFormat(kind: "WebP"))
        #expect(error(Array("hello".utf8)) == .unsupportedFormat(kind: nil))
        #expect(error([0x89]) == .unsupportedFormat(kind: nil))
    }

    @Test("More bytes or pixels than allowed, before any pixel is made")
    func limits() throws {
        let file = try Self.picture.pngBytes()
        #expect(error(file, limits: DecodingLimits(maximumFileBytes: 100)) == .fileTooLarge(bytes: file.count, limit: 100))
        #expect(error(file, limits: DecodingLimits(maximumPixels: 41 * 29 - 1))
            == .tooManyPixels(width: 41, height: 29, limit: 41 * 29 - 1))
        #expect(error(file, limits: DecodingLimits(maximumPixels: 41 * 29)) == nil)
        #expect(error(header(width: 60_000, height: 60_000)) == .tooManyPixels(width: 60_000, height: 60_000, limit: 50_000_000))
        #expect(error(header(width: 1, height: 2_000_000)) == .sideTooLong(width: 1, height: 2_000_000, limit: 65_535))
    }

    @Test("A PNG cut anywhere is truncated, not an image")
    func truncatedPNG() throws {
        let file = try Self.picture.pngBytes()
        for count in stride(from: 8, to: file.count, by: 7) {
            #expect(error(Array(file.prefix(count))) == .truncated(format: .png), "after \(count) bytes")
        }
    }

    @Test("A PNG with a changed byte is damaged, or is an image of the declared size")
    func damagedPNG() throws {
        let file = try Self.picture.pngBytes()
        var random = SeededGenerator(seed: 11)
        var refused = 0
        for _ in 0..<300 {
            var damaged = file
            let place = Int.random(in: 0..<file.count, using: &random)
            damaged[place] ^= UInt8.random(in: 1...255, using: &random)
            if error(damaged) != nil { refused += 1 }
        }
        #expect(refused > 250)
    }

    @Test("A JPEG cut or changed anywhere is an error or an image, never a crash",
          .enabled(if: PythonReference.isPresent, "\(PythonReference.missing)"))
    func damagedJPEG() throws {
        let reference = try ImagingReference.shared.get()
        var random = SeededGenerator(seed: 5)
        for name in ["jpeg-progressive", "jpeg-orientation6", "jpeg-grey"] {
            let file = try reference.bytes(reference.folder.appending(path: name + ".jpg"))
            for count in stride(from: 3, to: file.count - 2, by: 13) {
                let cause = error(Array(file.prefix(count)))?.cause
                #expect(cause == "truncated" || cause == "corrupt", "\(name) after \(count) bytes: \(cause ?? "an image")")
            }
            for _ in 0..<200 {
                var damaged = file
                for _ in 0..<3 {
                    damaged[Int.random(in: 2..<file.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
                }
                _ = error(damaged)
            }
        }
    }
}
