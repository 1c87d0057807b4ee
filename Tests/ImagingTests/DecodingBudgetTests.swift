// SPDX-License-Identifier: Apache-2.0

import Imaging
import ProgramHarness
import Testing

@Suite("Decoding has a budget, and a way to stop")
struct DecodingBudgetTests {
    private let black = RGB(red: 0, green: 0, blue: 0)

    @Test("A JPEG's blocks are gone through 24 times at most, however little its scans say")
    func scans() throws {
        for (width, height) in [(64, 64), (9, 7), (640, 480)] {
            #expect(
                try GrayImage(decoding: ScanBomb.file(width: width, height: height, scans: 24)).pixels.allSatisfy {
                    $0 == 128
                })
            for scans in [25, 100, 500, ScanBomb.mostScans] {
                let error = decodingError(ScanBomb.file(width: width, height: height, scans: scans))
                #expect(
                    error == .tooMuchWork(format: .jpeg, detail: "it sends its pixels in too many scans"),
                    "\(scans) scans")
                #expect(error?.cause == "too_much_work")
                #expect(error?.description.contains("save it again") == true)
            }
        }
    }

    @Test("Image data beyond a PNG's last row are not unfolded")
    func deflateBomb() throws {
        let rows: [UInt8] = (0..<64).flatMap { (row: Int) -> [UInt8] in [0] + [UInt8](repeating: UInt8(row), count: 64)
        }
        var file = PNGFile(width: 64, height: 64, color: 0)
        // 16 MiB of zeros from each chunk, 64 GiB in all, and then what is no deflate at all.
        let unit = PNGFile.zeros(matches: 65_024)
        file.appendImageData([0x78, 0x01] + PNGFile.stored(rows) + unit, chunkBytes: Int.max)
        let chunk = PNGFile.chunk("IDAT", unit)
        var bytes = file.bytes
        for _ in 0..<64 { bytes += chunk }
        bytes += PNGFile.chunk("IDAT", Array(repeating: 0xFF, count: 100)) + PNGFile.chunk("IEND", [])
        var asked = 0
        let image = try GrayImage(
            decoding: bytes,
            shouldStop: {
                asked += 1; return false
            })
        #expect(
            image
                == GrayImage(width: 64, height: 64, pixels: (0..<64).flatMap { Array(repeating: UInt8($0), count: 64) })
        )
        #expect(asked == 64)
    }

    @Test("What is beside a PNG's pixels is passed over: text and profiles that would unfold, and millions of chunks")
    func ancillaryChunks() throws {
        let unit = PNGFile.zeros(matches: 65_024)
        let bomb = [0x61, 0, 0, 0x78, 0x01] + unit + unit + unit
        let rows: [UInt8] = [0, 1, 2, 3, 0, 4, 5, 6]
        var file = PNGFile(width: 1, height: 2)
        for type in ["zTXt", "iTXt", "iCCP", "sPLT", "gAMA", "bKGD", "zzZz"] { file.append(type, bomb) }
        file.append("iCCP", bomb)
        let many = (0..<100_000).flatMap { _ in PNGFile.chunk("tEXt", []) }
        var image = PNGFile()
        image.appendStored(rows)
        let whole = file.bytes + many + image.bytes.dropFirst(PNGFile.signature.count) + many
        #expect(
            try RGBImage(decoding: whole).pixels == [RGB(red: 1, green: 2, blue: 3), RGB(red: 4, green: 5, blue: 6)])
    }

    @Test("A chunk that a reader must know and does not is refused, and so are image data that are not together")
    func criticalChunks() {
        let rows: [UInt8] = [0, 1, 2, 3, 0, 4, 5, 6]
        var unknown = PNGFile(width: 1, height: 2)
        unknown.append("ZzZz", [1, 2, 3])
        unknown.appendStored(rows)
        #expect(decodingError(unknown.bytes)?.cause == "corrupt")

        for (type, isRead) in [("IDAT", true), ("tEXt", false), ("IEND", false)] {
            var parted = PNGFile(width: 1, height: 2)
            parted.appendImageData(Array([0x78, 0x01] + PNGFile.stored(rows)).dropLast(4).map { $0 })
            parted.append(type)
            parted.appendImageData(rows.suffix(4))
            #expect((decodingError(parted.bytes) == nil) == isRead, "\(type) between")
        }
    }

    @Test(
        "A PNG whose data unfold to more than four bytes for each pixel of the largest picture is refused by its header"
    )
    func unfoldedBytes() {
        let limits = DecodingLimits(maximumPixels: 1024)
        #expect(
            decodingError(
                PNGFile(width: 32, height: 17, depth: 16, color: 6).bytes + PNGFile.chunk("IDAT", []), limits: limits)
                == .tooMuchWork(format: .png, detail: "its 32 × 17 pixels unfold to 4352 bytes, and 4096 is the most"))
        var file = PNGFile(width: 32, height: 16, depth: 16, color: 6)
        file.appendStored((0..<16).flatMap { _ in [0] + [UInt8](repeating: 255, count: 256) })
        #expect(decodingError(file.bytes, limits: limits) == nil)
    }

    @Test("Decoding asks before every few rows whether to stop, and stops where it is told to")
    func stopping() throws {
        var interlaced = PNGFile(width: 8, height: 64, color: 0, interlaced: true)
        interlaced.appendStored(
            [(8, 1), (8, 1), (8, 2), (16, 2), (16, 4), (32, 4), (32, 8)].flatMap { rows, columns in
                (0..<rows).flatMap { _ in Array(repeating: UInt8(0), count: columns + 1) }
            })
        let picture = RGBImage(width: 64, height: 640, repeating: black)
        let files: [(name: String, file: [UInt8], leastQuestions: Int)] = [
            ("JPEG", try picture.jpegBytes(quality: 80), 40),
            ("progressive", ScanBomb.file(width: 64, height: 640, scans: 20), 1600),
            ("PNG", try picture.pngBytes(), 640), ("interlaced", interlaced.bytes, 120),
        ]
        for (name, file, leastQuestions) in files {
            var questions = 0
            #expect(
                decodingError(
                    file,
                    shouldStop: {
                        questions += 1; return false
                    }) == nil, "\(name)")
            #expect(questions >= leastQuestions, "\(name)")
            for stop in [1, 2, questions / 2, questions] {
                var asked = 0
                #expect(
                    decodingError(
                        file,
                        shouldStop: {
                            asked += 1; return asked == stop
                        }) == .stopped, "\(name) at question \(stop)")
                #expect(asked == stop, "\(name) goes on after it was stopped")
            }
        }
    }

    @Test("Decoding that takes longer than it may is ended")
    func time() throws {
        let limits = DecodingLimits(maximumTime: .zero)
        for file in [try HostileFileTests.picture.jpegBytes(quality: 80), try HostileFileTests.picture.pngBytes()] {
            let error = decodingError(file, limits: limits)
            #expect(error == .tookTooLong(limit: .zero))
            #expect(error?.cause == "too_much_work")
            // Whoever stops it himself knows why.
            #expect(decodingError(file, limits: limits, shouldStop: { true }) == .stopped)
            #expect(throws: ImagingError.tookTooLong(limit: .zero)) { try GrayImage(decoding: file, limits: limits) }
        }
    }

    @Test("Image data in a million small chunks ask whether to stop within a row")
    func stoppingInARow() {
        var file = PNGFile(width: 8192, height: 1, color: 0)
        file.appendImageData([0x78, 0x01] + PNGFile.stored(Array(repeating: 0, count: 8193)), chunkBytes: 1)
        var asked = 0
        #expect(
            decodingError(
                file.bytes,
                shouldStop: {
                    asked += 1; return asked == 3
                }) == .stopped)
    }
}
