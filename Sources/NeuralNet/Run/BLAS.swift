// SPDX-License-Identifier: Apache-2.0

import COpenBLAS
import Foundation
import VectorMath

/// The matrix library that the kernels call.
public enum BLAS {
    /// Makes each product run on the thread that asks for it, for the whole process. Call it at start where several
    /// threads run networks at once: they are the parallelism, and threads of the library would only compete.
    public static func useSingleThread() {
        openblas_set_num_threads(1)
    }

    /// What the library takes this processor for, such as “Haswell”.
    public static var processor: String { openblas_get_corename().map { String(cString: $0) } ?? "" }

    /// The variable by which the library is told what the processor is.
    private static let variable = "OPENBLAS_CORETYPE"
    /// What it takes a processor for whose vectors it does not know how to use: kernels for 128 bits, without fused
    /// multiplication.
    private static let slow: Set = [
        "Prescott", "Core2", "Penryn", "Dunnington", "Atom", "Nehalem", "Opteron", "Opteron_SSE3", "Bobcat", "Nano",
    ]

    /// What the library should take the processor for when it does not know it; nil where its own choice is as good.
    ///
    /// - Parameters:
    ///   - choice: what it takes it for.
    ///   - vectors: what the processor has.
    package static func betterProcessor(than choice: String, vectors: InstructionSet) -> String? {
        guard slow.contains(choice) else { return nil }
        return switch vectors {
        case .avx512: "SkylakeX"
        case .avx2: "Haswell"
        case .baseline: nil
        }
    }

    /// Begins the program again with kernels that use the processor's vectors, where the library, being older than the
    /// processor, chose none that do: it looks once, before the program begins, and takes a processor that it has never
    /// heard of for one of 2004. Products are several times as fast then.
    ///
    /// Call it before anything is opened or started. It returns where nothing is to be gained, where the environment
    /// states OPENBLAS_CORETYPE already, and where the program cannot be begun again.
    public static func restartWithVectorKernels() {
        guard getenv(variable) == nil, let better = betterProcessor(than: processor, vectors: .ofProcessor) else {
            return
        }
        setenv(variable, better, 1)
        execv("/proc/self/exe", CommandLine.unsafeArgv)
    }
}
