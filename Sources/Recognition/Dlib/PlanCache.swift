// SPDX-License-Identifier: Apache-2.0

import NeuralNet
import Synchronization

/// The plans of one network for the image sizes seen last, shared by all workers.
///
/// A plan holds no image, only how to run; the bound keeps a caller with many image sizes from growing it.
final class PlanCache: Sendable {
    private struct Entry {
        let width: Int
        let height: Int
        let plan: ExecutionPlan
    }

    private let network: Network
    private let inputName: String
    private let capacity: Int
    /// The plan used last stands last.
    private let entries = Mutex<[Entry]>([])

    init(network: Network, inputName: String = MMODSession.inputName, capacity: Int = 8) {
        self.network = network
        self.inputName = inputName
        self.capacity = capacity
    }

    /// The plan for images of a size, made if need be.
    func plan(width: Int, height: Int) throws(NetworkError) -> ExecutionPlan {
        if let plan = used(width: width, height: height) { return plan }
        // Two workers may plan the same size at once; that costs time and nothing else.
        let plan = try network.plan(
            inputShapes: [inputName: [1, 3, height, width]], images: Self.images(width: width, height: height))
        entries.withLock { entries in
            entries.removeAll { $0.width == width && $0.height == height }
            if entries.count >= capacity { entries.removeFirst() }
            entries.append(Entry(width: width, height: height, plan: plan))
        }
        return plan
    }

    /// As how many images a picture counts: a detector takes as long as its pixels are many, and whoever made the package
    /// states how large a picture it looks at.
    private static func images(width: Int, height: Int) -> Int {
        let (pixels, overflows) = width.multipliedReportingOverflow(by: height)
        return overflows ? 1 : 1 + pixels / (1024 * 1024)
    }

    private func used(width: Int, height: Int) -> ExecutionPlan? {
        entries.withLock { entries in
            guard let index = entries.firstIndex(where: { $0.width == width && $0.height == height }) else {
                return nil
            }
            let entry = entries.remove(at: index)
            entries.append(entry)
            return entry.plan
        }
    }
}
