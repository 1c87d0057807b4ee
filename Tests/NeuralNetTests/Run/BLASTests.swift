import Foundation
import NeuralNet
import ProgramHarness
import Testing

@Suite("The matrix library")
struct BLASTests {
    @Test("is told of vectors only where its own choice has none, and only of those that are there", arguments: [
        ("Prescott", 5, "SkylakeX"), ("Prescott", 2, "Haswell"), ("Core2", 2, "Haswell"), ("Prescott", 0, nil), ("Haswell", 5, nil),
        ("Zen", 2, nil), ("SkylakeX", 5, nil), ("Cooperlake", 5, nil), ("", 5, nil),
    ] as [(String, Int, String?)])
    func better(_ choice: String, _ vectors: Int, _ expected: String?) {
        #expect(BLAS.betterProcessor(than: choice, vectors: vectors) == expected)
    }

    private static let python = ProcessInfo.processInfo.environment["LIKENESS_PYTHON"]

    @Test(
        "knows the names that it is told, so that telling it changes something",
        .enabled(if: python != nil, "LIKENESS_PYTHON names no program"), arguments: ["SkylakeX", "Haswell"])
    func names(_ name: String) throws {
        let program = "import ctypes; f = ctypes.CDLL('libopenblas.so.0').openblas_get_corename; f.restype = ctypes.c_char_p; print(f().decode())"
        let result = try Command.run(try #require(Self.python), ["-c", program], environment: ["OPENBLAS_CORETYPE": name])
        #expect(result.output.trimmingCharacters(in: .whitespacesAndNewlines).lowercased() == name.lowercased())
    }
}
