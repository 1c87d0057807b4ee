import Foundation
import ProgramHarness

/// A folder of model packages, imported with `enroll` from networks at hand.
public enum FaceModels {
    /// The packages of dlib's networks in `folder`, which then holds them; an import there is used again.
    public static func importDlib(from networks: String, into folder: String) throws {
        let present = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        guard !present.contains(where: { $0.hasPrefix("dlib") }) else { return }
        let result = try Command.run(
            try Products.program("enroll"), ["model", "import", "dlib", networks, "--output", folder])
        guard result.status == 0 else {
            throw HarnessError("enroll model import dlib ended with status \(result.status): \(result.errors)")
        }
    }
}
