// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import VectorMath

@Suite struct InstructionSetTests {
    @Test func `what the processor has holds everything below it`() {
        #expect(InstructionSet.available.first == .baseline && InstructionSet.available.last == .ofProcessor)
        #expect(InstructionSet.available == InstructionSet.available.sorted())
        #expect(InstructionSet.current <= .ofProcessor)
    }

    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/proc/cpuinfo"))) func `it is what the system says`()
        throws
    {
        let text = try String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)
        guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix("flags") }) else { return }
        let flags = Set(line.split(separator: " ").map(String.init))
        #expect((InstructionSet.ofProcessor >= .avx2) == flags.isSuperset(of: ["avx2", "fma", "f16c"]))
        #expect(
            (InstructionSet.ofProcessor == .avx512)
                == flags.isSuperset(of: ["avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"]))
    }
}
