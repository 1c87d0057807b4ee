// SPDX-License-Identifier: Apache-2.0

import Foundation
import Recognition

/// Where a model is that a command names: a package's folder or tar file, or one of a store.
public enum ModelLocation {
    /// - Parameters:
    ///   - name: a path with a slash or of something that is there, otherwise a name, or the beginning of a digest, in
    ///     the store.
    ///   - store: nil where it is not known which.
    public static func load(_ name: String, store: ModelStore?) throws(CommandFailure) -> ModelPackage {
        do throws(ModelPackageError) {
            guard !name.contains("/"), !FileManager.default.fileExists(atPath: name), let store else {
                return try ModelPackage.load(from: name)
            }
            return try ModelPackage.load(from: try store.entry(named: name).path)
        } catch {
            throw CommandFailure(error)
        }
    }
}
