// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Testing

@Suite struct EmbeddingTests {
    private static func digest(_ byte: UInt8) throws -> ModelDigest {
        try #require(ModelDigest(bytes: Array(repeating: byte, count: 32)))
    }

    @Test func `the distance is Euclidean`() throws {
        let model = try Self.digest(1)
        let first = try #require(Embedding(values: [1, 2, 2], model: model))
        let second = try #require(Embedding(values: [1, 5, 6], model: model))
        #expect(try EmbeddingPair(first, second).distance == 5)
        #expect(try EmbeddingPair(first, first).distance == 0)
    }

    @Test func `embeddings of two models cannot be paired`() throws {
        let first = try #require(Embedding(values: [1, 2], model: Self.digest(1)))
        let second = try #require(Embedding(values: [1, 2], model: Self.digest(2)))
        #expect(throws: IncomparableEmbeddings.self) { try EmbeddingPair(first, second) }
    }

    @Test func `embeddings of two sizes cannot be paired`() throws {
        let model = try Self.digest(1)
        let first = try #require(Embedding(values: [1, 2], model: model))
        let second = try #require(Embedding(values: [1, 2, 3], model: model))
        #expect(throws: IncomparableEmbeddings.self) { try EmbeddingPair(first, second) }
    }

    @Test(arguments: [[], [Float.nan], [1, .infinity]] as [[Float]])
    func `an embedding is never empty and always finite`(_ values: [Float]) throws {
        #expect(Embedding(values: values, model: try Self.digest(1)) == nil)
    }
}

@Suite struct ModelDigestTests {
    @Test func `hexadecimal digits are read and written`() throws {
        let text = String(repeating: "0f", count: 31) + "a9"
        let digest = try #require(ModelDigest(hexadecimal: text))
        #expect(digest.hexadecimal == text)
        #expect(digest.short == "0f0f0f0f0f0f")
        #expect(ModelDigest(hexadecimal: text.uppercased()) == digest)
    }

    @Test(arguments: ["", "0f", String(repeating: "g", count: 64), String(repeating: "0", count: 65)])
    func `anything but 64 hexadecimal digits is refused`(_ text: String) {
        #expect(ModelDigest(hexadecimal: text) == nil)
    }
}
