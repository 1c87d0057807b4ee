// SPDX-License-Identifier: Apache-2.0

import Foundation
import Recognition

/// Which face-cover network a command measures covered faces by.
public enum FaceCoverLocation {
    /// - Parameters:
    ///   - name: a path with a slash or of something that is there, otherwise a name in the store, `none`, or nil for the
    ///     one in the store.
    ///   - model: what faces are embedded by; of another modality, nothing is measured.
    ///   - store: nil where it is not known which.
    public static func load(
        _ name: String?, for model: ModelPackage, store: ModelStore?
    ) throws(CommandFailure) -> FaceCoverPackage? {
        guard model.manifest.modality == .face else { return nil }
        do throws(ModelPackageError) {
            let choice = FaceCoverChoice(name ?? "")
            if case .named(let name) = choice,
                store == nil || name.contains("/") || FileManager.default.fileExists(atPath: name)
            {
                return try FaceCoverPackage.load(from: name)
            }
            return try store?.faceCover(choice)
        } catch {
            throw CommandFailure(error)
        }
    }

    /// The face-cover network that a path or a name in the store means; nil where that is a model, or nothing that is
    /// there.
    public static func find(_ name: String, store: ModelStore?) throws(CommandFailure) -> FaceCoverPackage? {
        do throws(ModelPackageError) {
            guard !name.contains("/"), !FileManager.default.fileExists(atPath: name), let store else {
                return try FaceCoverPackage.load(ifPresentIn: name)
            }
            return try store.faceCoverEntry(amongAll: name).map { entry throws(ModelPackageError) in
                try FaceCoverPackage.load(from: entry.path)
            }
        } catch {
            throw CommandFailure(error)
        }
    }
}
