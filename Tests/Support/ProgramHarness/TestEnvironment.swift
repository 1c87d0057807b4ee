// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Where the material for tests is, as environment variables say; nil where they name nothing that is there.
public enum TestEnvironment {
    /// The folder of data sets and reference networks.
    public static let shared = existing(ProcessInfo.processInfo.environment["LIKENESS_SHARED"])
    /// Photographs of strangers in the wild: a folder for each person, with one or more of them.
    public static let strangers = existing(shared.map { $0 + "/data/lfw-strangers" })
    /// The AT&T (ORL) faces: a folder per person, s01 to s40, of 01.png to 10.png.
    public static let faces = existing(shared.map { $0 + "/data/orl-faces" })
    /// The published networks.
    public static let weights = existing(shared.map { $0 + "/weights" })
    /// The folder of dlib's three networks.
    public static let dlibModels = existing(ProcessInfo.processInfo.environment["LIKENESS_DLIB_MODELS"])
    /// The program that asks dlib itself.
    public static let dlibReference = existing(ProcessInfo.processInfo.environment["LIKENESS_DLIB_REFERENCE"])
    /// A Python with the reference implementations.
    public static let python = existing(ProcessInfo.processInfo.environment["LIKENESS_PYTHON"])

    /// The folder of networks that `scripts/check-exports` makes.
    public static let exports = existing(ProcessInfo.processInfo.environment["LIKENESS_EXPORTS"])

    /// Whether what takes minutes to measure is measured again, as `.ci/full` asks for.
    public static let measuresAccuracy = ProcessInfo.processInfo.environment["LIKENESS_ACCURACY"] == "1"

    /// Whether the compiler optimised this build: numerics are a hundred times as slow without.
    public static var isOptimized: Bool {
        #if DEBUG
        false
        #else
        true
        #endif
    }

    private static func existing(_ path: String?) -> String? {
        path.flatMap { FileManager.default.fileExists(atPath: $0) ? $0 : nil }
    }
}
