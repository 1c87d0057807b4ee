// SPDX-License-Identifier: Apache-2.0

import Foundation
import LikenessInterface
import Testing

@Suite struct ExportedEmbeddingTests {
    @Test func `numbers keep every bit, in the order of bytes that the interface states`() {
        let embedding = WireExportedEmbedding(model: "ab", numbers: [1, -0.1, .leastNonzeroMagnitude])
        #expect(embedding.values == Data([0, 0, 0x80, 0x3F, 0xCD, 0xCC, 0xCC, 0xBD, 1, 0, 0, 0]).base64EncodedString())
        #expect(embedding.numbers == [1, -0.1, .leastNonzeroMagnitude])
    }

    @Test(arguments: ["", "AACA", "AACAPw", "not base64!", "AACAfw==", "AADAfw=="])
    func `what holds no whole and finite numbers has none`(_ values: String) {
        #expect(WireExportedEmbedding(model: "ab", values: values).numbers == nil)
    }
}
