// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Recognition

extension ModelInstallation {
    /// Adds a face-cover network, after the engine took it.
    public func install(_ package: FaceCoverPackage) throws(CommandFailure) -> FaceCoverSummary {
        do throws(ModelPackageError) {
            // The alignment that most models have.
            _ = try FaceCoverEngine(package, alignment: .arcFace, chipSize: 112)
            try store.install(package)
            guard let entry = try store.faceCoverEntry(named: package.digest.hexadecimal) else {
                return FaceCoverSummary(package)
            }
            return summary(of: entry)
        } catch {
            throw CommandFailure(error)
        }
    }

    /// The model or the face-cover network that a name or the beginning of a digest means. A name that means both is
    /// refused; where it means none, the failure lists both.
    public func package(named name: String) throws(CommandFailure) -> StoredPackage {
        do throws(ModelPackageError) {
            if let cover = try store.faceCoverEntry(amongAll: name) { return .faceCover(cover) }
            return .model(try store.entry(named: name))
        } catch {
            let failure = CommandFailure(error)
            guard case .noSuchModel = error, let covers = try? store.faceCovers().entries, !covers.isEmpty else {
                throw failure
            }
            let names = covers.map { "“\($0.manifest.name)” (\($0.digest.short))" }.joined(separator: ", ")
            throw failure.followed(
                by: "there \(covers.count == 1 ? "is the face-cover network" : "are the face-cover networks") \(names)")
        }
    }

    public func summary(of entry: ModelStore.FaceCoverEntry) -> FaceCoverSummary {
        FaceCoverSummary(entry, isUsed: store.isUsed(entry))
    }

    public func load(_ entry: ModelStore.FaceCoverEntry) throws(CommandFailure) -> FaceCoverPackage {
        do throws(ModelPackageError) {
            return try FaceCoverPackage.load(from: entry.path)
        } catch {
            throw CommandFailure(error)
        }
    }

    /// Removes a face-cover network; the one that is used only when `forced`, because without it covered faces pass.
    public func remove(
        _ entry: ModelStore.FaceCoverEntry, forced: Bool
    ) throws(CommandFailure) -> FaceCoverSummary {
        let summary = summary(of: entry)
        guard forced || summary.used != true else {
            throw CommandFailure(
                .configuration, name: "ModelActive",
                message:
                    "“\(entry.manifest.name)” is what covered faces are measured by: without it, from the daemon's next reload on, faces behind masks and dark glasses are enrolled and decided on as if they were bare; add --force to remove it all the same"
            )
        }
        do throws(ModelPackageError) {
            try store.remove(entry)
        } catch {
            throw CommandFailure(error)
        }
        return summary
    }
}

/// What a folder of models holds under one name.
public enum StoredPackage: Sendable, Hashable {
    case model(ModelStore.Entry)
    case faceCover(ModelStore.FaceCoverEntry)
}

extension ModelStore {
    /// Whether a daemon that is told of none takes this face-cover network.
    func isUsed(_ entry: FaceCoverEntry) -> Bool {
        (try? faceCoverEntry(.present))?.path == entry.path
    }
}
