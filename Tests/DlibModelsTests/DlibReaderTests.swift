// SPDX-License-Identifier: Apache-2.0

import DlibModels
import Testing

@Suite struct DlibReaderTests {
    private func reader(_ bytes: [UInt8]) -> DlibReader { DlibReader(file: "test.dat", bytes: bytes) }

    @Test(arguments: [0, 1, -1, 255, 256, -256, 65_535, 1 << 40, -(1 << 40), Int.max, -Int.max])
    func readsThePackedIntegersItWrote(value: Int) throws {
        var writer = DlibWriter()
        writer.integer(value)
        var reader = reader(writer.bytes)
        #expect(try reader.integer("a number") == value)
        try reader.finish()
    }

    @Test func readsNumbersAsTheyStandInPublishedFiles() throws {
        // The mean of red, the first number of both networks: 0xF59062 · 2^-17.
        var number = reader([0x03, 0x62, 0x90, 0xF5, 0x81, 0x11])
        #expect(try number.float("the mean of red") == 122.782)
        var zero = reader([0x01, 0x00, 0x01, 0x00])
        #expect(try zero.double("nothing") == 0)
    }

    @Test(arguments: [Float(0.1), -3.25, 1e-30, 6.5e20, .leastNonzeroMagnitude])
    func readsFloatsExactly(value: Float) throws {
        var writer = DlibWriter()
        writer.float(value)
        var reader = reader(writer.bytes)
        #expect(try reader.float("a number") == value)
    }

    @Test(
        arguments: [
            [], [0x00], [0x09, 1, 2, 3, 4, 5, 6, 7, 8, 9], [0x02, 0x01], [0x41, 0x01],
            [0x08, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
        ] as [[UInt8]])
    func refusesWhatIsNoPackedInteger(bytes: [UInt8]) {
        var reader = reader(bytes)
        #expect(throws: DlibImportError.self) { try reader.integer("a number") }
    }

    @Test func refusesNumbersThatAreNotFinite() {
        for marker in [32_000, 32_001, 32_002, 20_000] {
            var writer = DlibWriter()
            writer.integer(3)
            writer.integer(marker)
            var reader = reader(writer.bytes)
            #expect(throws: DlibImportError.self) { try reader.double("a number") }
        }
    }

    @Test func refusesCountsThatCannotFollow() {
        var writer = DlibWriter()
        writer.integer(1000)
        var reader = reader(writer.bytes + Array(repeating: 0, count: 999))
        #expect(throws: DlibImportError.self) { try reader.count("things", atMost: 5000, minimumBytes: 1) }
    }

    @Test(arguments: [
        [1 << 30, 1 << 30, 1 << 30, 1 << 30], [Int(Int32.max), Int(Int32.max), 2, 1], [1, 1, 1, 3], [0, -1, 1, 1],
    ])
    func refusesTensorsLargerThanTheFile(shape: [Int]) {
        var writer = DlibWriter()
        writer.tensor(shape: shape, values: [1, 2])
        let bytes = writer.bytes
        var first = reader(bytes), second = reader(bytes)
        #expect(throws: DlibImportError.self) { try first.tensor("weights") }
        #expect(throws: DlibImportError.self) { try second.skipTensor("weights") }
    }

    @Test func readsTensorsAndRefusesValuesThatAreNotFinite() throws {
        var writer = DlibWriter()
        writer.tensor(shape: [1, 2, 1, 2], values: [1, -2.5, 0, 1e-20])
        var good = reader(writer.bytes)
        let tensor = try good.tensor("weights")
        #expect(tensor.shape == [1, 2, 1, 2])
        #expect(tensor.values == [1, -2.5, 0, 1e-20])

        var broken = DlibWriter()
        broken.tensor(shape: [1, 1, 1, 1], values: [.nan])
        var bad = reader(broken.bytes)
        #expect(throws: DlibImportError.self) { try bad.tensor("weights") }
    }

    @Test func namesWhatItExpectedAndWhatItFound() {
        var writer = DlibWriter()
        writer.name("con_3")
        var reader = reader(writer.bytes)
        #expect(
            throws: DlibImportError.unexpected(
                file: "test.dat", expected: "layer 0 (con_4 or con_5)", found: "“con_3”", offset: 0)
        ) {
            try reader.name("layer 0", oneOf: ["con_4", "con_5"])
        }
    }
}
