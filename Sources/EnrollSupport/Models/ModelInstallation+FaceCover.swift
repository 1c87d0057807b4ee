// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Recognition

extension ModelInstallation {
    /// Adds a face-cover network, after the engine took it.
    public func install(_ package: FaceCoverPackage) throws(CommandFailure) -> FaceCoverSummary {
        do throws(ModelPackageError) {
            // The alignment that most models have.
            _ = try FaceCoverEngine(package, alignment: .arcFace, chipSize: 112)
            let path = try store.install(package)
            return FaceCoverSummary(package, path: path)
        } catch {
            throw CommandFailure(error)
        }
    }

    /// The face-cover network that a name or the beginning of a digest means; nil where that is none. A name that means a
    /// model as well is refused.
    public func faceCover(named name: String) throws(CommandFailure) -> ModelStore.FaceCoverEntry? {
        do throws(ModelPackageError) {
            return try store.faceCoverEntry(amongAll: name)
        } catch {
            throw CommandFailure(error)
        }
    }

    public func load(_ entry: ModelStore.FaceCoverEntry) throws(CommandFailure) -> FaceCoverPackage {
        do throws(ModelPackageError) {
            return try FaceCoverPackage.load(from: entry.path)
        } catch {
            throw CommandFailure(error)
        }
    }

    public func remove(_ entry: ModelStore.FaceCoverEntry) throws(CommandFailure) {
        do throws(ModelPackageError) {
            try store.remove(entry)
        } catch {
            throw CommandFailure(error)
        }
    }
}
