import Foundation
import Gallery
import LikenessInterface
import Varlink

/// `io.likeness.Admin` on a service.
struct AdminHandler: VarlinkInterfaceHandler {
    let service: LikenessService

    var interfaceDescription: String { InterfaceDescriptions.admin }

    func handle(_ call: VarlinkCall) async throws {
        let record = CallRecord(call, logger: service.logger)
        // Whoever may ask the daemon anything may ask how it is.
        let role: Role = call.method == "Status" ? .verify : .admin
        guard await service.access.allows(call.peer, role) else {
            record.denied(role)
            throw VarlinkError.permissionDenied
        }
        do {
            switch call.method {
            case "Status": try await call.reply(try await service.status())
            case "ListModels": try await call.reply(ListModelsMethod.Reply(models: service.wireModels))
            default: throw VarlinkError.methodNotImplemented(call.method)
            }
        } catch where Task.isCancelled {
            record.abandoned()
            throw CancellationError()
        } catch let error as GalleryError {
            record.failed(.internal(message: error.description))
            throw VarlinkError(name: InterfaceNames.admin + ".Internal", parameters: ["message": .string(error.description)])
        } catch let error as VarlinkError {
            record.refused(error)
            throw error
        } catch is CancellationError {
            record.abandoned()
            throw CancellationError()
        } catch {
            record.undelivered(error)
            throw error
        }
    }
}

extension LikenessService {
    /// The loaded models in the order of their modalities.
    var wireModels: [WireModel] {
        gallery.modalities.compactMap { models[$0]?.wire }
    }

    func status() async throws -> StatusMethod.Reply {
        let counts = try await gallery.store.counts()
        let (seconds, attoseconds) = started.duration(to: .now).components
        return StatusMethod.Reply(
            version: configuration.version, state: admission.isStopping ? .stopping : .running,
            uptimeSeconds: Double(seconds) + Double(attoseconds) / 1e18, models: wireModels,
            identities: counts.identities, samples: counts.samples, gallery: configuration.galleryPath,
            encrypted: configuration.isEncrypted, workers: workers.workers, queueLength: workers.waiting,
            queueLimit: workers.limit, requests: counters.requests.load(ordering: .relaxed),
            refusedBusy: counters.refusedBusy.load(ordering: .relaxed), residentBytes: ProcessMemory.residentBytes)
    }
}

/// What the kernel says of this process's memory.
enum ProcessMemory {
    /// The resident set (proc(5), statm); 0 where the kernel does not say.
    static var residentBytes: Int {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return 0 }
        let fields = text.split(separator: " ")
        guard fields.count > 1, let pages = Int(fields[1]) else { return 0 }
        return pages * sysconf(Int32(_SC_PAGESIZE))
    }
}
