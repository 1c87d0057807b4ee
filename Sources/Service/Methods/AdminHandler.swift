import Foundation
import Gallery
import LikenessInterface
import Varlink

/// `io.likeness.Admin` on a service.
struct AdminHandler: VarlinkInterfaceHandler {
    let service: LikenessService

    var interfaceDescription: String { InterfaceDescriptions.admin }

    func handle(_ call: VarlinkCall) async throws {
        var record = CallRecord(call, logger: service.logger)
        let role = Self.role(for: call.method)
        guard await service.access.allows(call.peer, role) else {
            record.denied(role)
            throw VarlinkError.permissionDenied
        }
        do {
            try await answer(call, &record)
            if Self.isWorthTelling(call.method) { record.succeeded() }
        } catch where Task.isCancelled {
            record.abandoned()
            throw CancellationError()
        } catch let error as GalleryError {
            throw try refusal(ServiceFailure(error), &record)
        } catch let failure as ServiceFailure {
            throw try refusal(failure, &record)
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

    private func refusal(_ failure: ServiceFailure, _ record: inout CallRecord) throws -> VarlinkError {
        record.failed(failure)
        return try VarlinkError(name: failure.name(answering: InterfaceNames.admin), encoding: failure)
    }

    /// Whoever may ask the daemon anything may ask how it is.
    private static func role(for method: String) -> Role {
        switch method {
        case "Status": .verify
        case "RotationStatus": .enrol
        default: .admin
        }
    }

    /// What only looks at the daemon is asked often, and would fill the journal.
    private static func isWorthTelling(_ method: String) -> Bool {
        switch method {
        case "Status", "ListModels", "ListGenerations", "RotationStatus": false
        default: true
        }
    }

    private func answer(_ call: VarlinkCall, _ record: inout CallRecord) async throws {
        switch call.method {
        case "Status":
            try await call.reply(try await service.status())
        case "ListModels":
            try await call.reply(ListModelsMethod.Reply(models: service.wireModels))
        case "ListGenerations":
            try await call.reply(ListGenerationsMethod.Reply(generations: try await service.wireGenerations()))
        case "RotateModel":
            let rotation = try await service.rotateModel(call, try call.decodeParameters(RotateModelMethod.Parameters.self))
            record.result = rotation.phase.rawValue
            try await call.reply(RotateModelMethod.Reply(rotation: rotation))
        case "RotationStatus":
            try await call.reply(
                RotationStatusMethod.Reply(rotation: service.rotation.current, generations: try await service.wireGenerations()))
        case "CancelRotation":
            let rotation = try await service.cancelRotation(by: AuditActor(call.peer))
            record.result = rotation.phase.rawValue
            try await call.reply(CancelRotationMethod.Reply(rotation: rotation))
        case "Rollback":
            let parameters = try call.decodeParameters(RollbackMethod.Parameters.self)
            let reply = try await service.admission.admit { try await service.rollBack(parameters.modality, by: call.peer) }
            record.result = "\(reply.active.model.name) \(reply.active.model.version)"
            try await call.reply(reply)
        case "PruneGenerations":
            let parameters = try call.decodeParameters(PruneGenerationsMethod.Parameters.self)
            let reply = try await service.admission.admit { try await service.prune(parameters.modality, by: call.peer) }
            record.result = "\(reply.generations) removed"
            try await call.reply(reply)
        case "Audit":
            try await service.audit(call, try call.decodeParameters(AuditMethod.Parameters.self))
        case "VerifyAudit":
            let reply = try await service.verifyAudit()
            record.result = reply.intact ? "intact" : "broken"
            try await call.reply(reply)
        case "CheckGallery":
            let reply = try await service.checkGallery(call)
            record.result = "\(reply.damaged) damaged"
            try await call.reply(reply)
        case "RepairGallery":
            let reply = try await service.admission.admit { try await service.repairGallery(by: call.peer) }
            record.result = "\(reply.removed) removed"
            try await call.reply(reply)
        case "Backup":
            try await service.backUp(call)
        case "ExportGallery":
            try await service.exportGallery(call)
        case "ImportIdentity":
            let parameters = try call.decodeParameters(ImportIdentityMethod.Parameters.self)
            record.identity = parameters.identity.name
            let reply = try await service.admission.admit { try await service.importIdentity(parameters, by: call.peer) }
            record.result = reply.result.rawValue
            try await call.reply(reply)
        case "Rekey":
            let reply = try await service.admission.admit { try await service.rekey(call) }
            record.result = "key \(reply.key)"
            try await call.reply(reply)
        default:
            throw VarlinkError.methodNotImplemented(call.method)
        }
    }
}

extension LikenessService {
    /// The loaded models in the order of their modalities.
    var wireModels: [WireModel] {
        gallery.modalities.compactMap { models[$0]?.wire }
    }

    func wireGenerations() async throws -> [WireGeneration] {
        try await gallery.store.generations().map(WireGeneration.init)
    }

    func status() async throws -> StatusMethod.Reply {
        // A gallery that cannot be read is a thing to tell, and no reason to tell nothing.
        let counts: GalleryCounts?, encryption: GalleryEncryption?
        await lookAfterFiles()
        var problems = [problem].compactMap(\.self)
        do throws(GalleryError) {
            (counts, encryption) = (try await gallery.store.counts(), try await gallery.store.encryption())
        } catch {
            (counts, encryption) = (nil, nil)
            if !problems.contains(where: { $0.contains("\(error)") }) { problems.append("\(error)") }
        }
        let (seconds, attoseconds) = started.duration(to: .now).components
        return StatusMethod.Reply(
            version: configuration.version, state: admission.isStopping ? .stopping : .running,
            uptimeSeconds: Double(seconds) + Double(attoseconds) / 1e18, models: wireModels,
            identities: counts?.identities ?? 0, samples: counts?.samples ?? 0, gallery: configuration.galleryPath,
            encrypted: encryption?.isComplete ?? false, galleryKey: encryption?.keys.last?.description,
            rotation: rotation.current.flatMap { $0.phase.isEnd ? nil : "to \($0.to.name) \($0.to.version): \($0.done) of \($0.total) samples" },
            problem: problems.isEmpty ? nil : problems.joined(separator: "; "), workers: workers.workers, queueLength: workers.waiting,
            queueLimit: workers.limit, requests: counters.requests.load(ordering: .relaxed),
            refusedBusy: counters.refusedBusy.load(ordering: .relaxed), residentBytes: ProcessMemory.residentBytes)
    }
}

extension WireGeneration {
    init(_ content: GenerationContent) {
        self.init(content.generation, samples: content.embedded, refused: content.refused)
    }

    init(_ generation: Generation, samples: Int, refused: Int) {
        let state: State = switch generation.state {
        case .building: .building
        case .active: .active
        case .retired: .retired
        }
        self.init(
            id: Int(generation.id), model: WireModelIdentity(generation.model), state: state,
            created: Int(generation.created.wholeSeconds), samples: samples, refused: refused)
    }
}

extension WireModelIdentity {
    init(_ model: ModelDescription) {
        self.init(
            digest: model.digest.hexadecimal, name: model.name, version: model.version, modality: model.modality,
            embeddingSize: model.embeddingSize)
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
