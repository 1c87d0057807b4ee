// SPDX-License-Identifier: Apache-2.0

import Foundation
import NeuralNet
import ProgramHarness
import Testing
import VectorMath

@Suite("The matrix library")
struct BLASTests {
    @Test(
        "is told of vectors only where its own choice has none, and only of those that are there",
        arguments: [
            ("Prescott", .avx512, "SkylakeX"), ("Prescott", .avx2, "Haswell"), ("Core2", .avx2, "Haswell"),
            ("Prescott", .baseline, nil),
            ("Haswell", .avx512, nil), ("Zen", .avx2, nil), ("SkylakeX", .avx512, nil), ("Cooperlake", .avx512, nil),
            ("", .avx512, nil),
        ] as [(String, InstructionSet, String?)])
    func better(_ choice: String, _ vectors: InstructionSet, _ expected: String?) {
        #expect(BLAS.betterProcessor(than: choice, vectors: vectors) == expected)
    }

    private static let python = ProcessInfo.processInfo.environment["LIKENESS_PYTHON"]

    @Test(
        "knows the names that it is told, so that telling it changes something",
        .enabled(if: python != nil, "LIKENESS_PYTHON names no program"), arguments: ["SkylakeX", "Haswell"])
    func names(_ name: String) throws {
        let program =
            "import ctypes; f = ctypes.CDLL('libopenblas.so.0').openblas_get_corename; f.restype = ctypes.c_char_p; print(f().decode())"
        let result = try Command.run(
            try #require(Self.python), ["-c", program], environment: ["OPENBLAS_CORETYPE": name])
        #expect(result.output.trimmingCharacters(in: .whitespacesAndNewlines).lowercased() == name.lowercased())
    }
}
