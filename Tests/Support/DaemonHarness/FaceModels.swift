// SPDX-License-Identifier: Apache-2.0

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

    /// The package of MobileFaceNet with YuNet, calibrated on the ORL faces, in a folder below `folder`.
    public static func importMobileFaceNet(into folder: String) throws -> String {
        guard let shared = TestEnvironment.shared else {
            throw HarnessError("MobileFaceNet is among the shared material; set LIKENESS_SHARED")
        }
        let result = try Command.run(
            try Products.program("enroll"),
            [
                "model", "import", "onnx", shared + "/weights/MobileFaceNet.onnx", "--detector",
                shared + "/weights/yunet_n_320_320.onnx",
                "--name", "mobilefacenet", "--mean", "123.675,116.28,103.53", "--std", "58.395,57.12,57.375",
                "--licence", "Apache-2.0",
                "--calibrate", shared + "/data/orl-faces", "--output", folder,
            ])
        guard result.status == 0 else {
            throw HarnessError("enroll model import onnx ended with status \(result.status): \(result.errors)")
        }
        let packages = try FileManager.default.contentsOfDirectory(atPath: folder).filter {
            $0.hasPrefix("mobilefacenet")
        }
        guard let package = packages.first else {
            throw HarnessError("enroll model import onnx left no package in \(folder)")
        }
        return folder + "/" + package
    }
}
