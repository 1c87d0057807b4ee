// SPDX-License-Identifier: Apache-2.0

import DaemonSupport
import Foundation
import Gallery
import Imaging
import LikenessInterface
import Service
import Varlink

/// The configuration, read and resolved on this host.
struct DaemonSettings: Sendable {
    let configuration: DaemonConfiguration
    /// The file it was read from; nil when there is none and the defaults hold.
    let source: String?
    let access: AccessPolicy
    /// Why the socket is not where the environment says.
    var passedOver: StandardPaths.PassedOver?

    /// Neither of a user's folders is known.
    struct NoHome: Error, CustomStringConvertible {
        let description = "neither HOME nor XDG_DATA_HOME says where this user's files are; set one to an absolute path"
    }

    /// - Parameters:
    ///   - path: The file, which has to be there; nil for the usual one, which need not.
    /// - Throws: ``ConfigurationProblems`` with everything that is wrong, ``GalleryError/connectionMalformed``, or
    ///   ``NoHome``.
    static func read(named path: String?, usersOwn: Bool, environment: [String: String]) throws -> DaemonSettings {
        let paths: StandardPaths
        if usersOwn {
            guard let own = StandardPaths.user(environment: environment, user: geteuid()) else { throw NoHome() }
            paths = own
        } else {
            paths = .system
        }
        let defaults = DaemonConfiguration(paths: paths)
        let source = path ?? (FileManager.default.fileExists(atPath: paths.configuration) ? paths.configuration : nil)
        let configuration = try source.map { try ConfigurationFile.read($0, defaults: defaults) } ?? defaults
        let access = configuration.resolvedAccess()
        guard access.problems.isEmpty else {
            throw ConfigurationProblems(path: source ?? paths.configuration, problems: access.problems)
        }
        let database = configuration.gallery.database
        // Not said by the file's reader, which would quote it, and a password with it.
        guard database.isEmpty || PostgreSQLGallery.description(of: database) != nil else {
            throw GalleryError.connectionMalformed
        }
        return DaemonSettings(
            configuration: configuration, source: source, access: AccessPolicy(access.access),
            passedOver: configuration.socket.path == paths.socket ? paths.passedOver : nil)
    }

    /// These settings as a reload may take them, and the names of those that hold from the next start on.
    func keepingWhatNeedsRestart(
        of started: DaemonSettings, isHandedOver: Bool
    ) -> (settings: DaemonSettings, atNextStart: [String]) {
        let (kept, changed) = configuration.keepingSettingsAtStart(
            of: started.configuration, ignoring: isHandedOver ? ["socket.path", "socket.mode"] : [])
        return (DaemonSettings(configuration: kept, source: source, access: access), changed)
    }

    var service: ServiceConfiguration {
        var service = ServiceConfiguration(version: LikenessVersion.current, galleryPath: configuration.galleryName)
        service.workers = configuration.work.workers
        service.queueLength = configuration.work.queueLength
        service.operatingPoint = configuration.verification.operatingPoint
        service.signatureOperatingPoint = configuration.verification.signatureOperatingPoint
        let skilledRate = configuration.verification.signatureSkilledRate
        if skilledRate > 0 {
            if configuration.verification.holdsToUsualSkilledRate {
                service.signatureUsualSkilledRate = skilledRate
            } else {
                service.signatureSkilledRate = skilledRate
            }
        }
        service.rule =
            switch configuration.verification.rule {
            case .mean: .mean
            case .minimum: .minimum
            }
        service.images = DecodingLimits(
            maximumFileBytes: configuration.images.maximumFileBytes, maximumPixels: configuration.images.maximumPixels,
            maximumTime: .seconds(configuration.images.maximumSeconds))
        service.access = access
        service.maximumDrop = configuration.rotation.maxDrop
        let audit = configuration.audit
        service.auditRetention = AuditRetention(
            age: audit.keepDays > 0 ? Double(audit.keepDays) * 86_400 : nil,
            entries: audit.keepEntries > 0 ? audit.keepEntries : nil)
        service.auditsComparisons = audit.comparisons
        let attempts = configuration.attempts
        service.attempts.perIdentity = attempts.perIdentity
        service.attempts.perCaller = attempts.perCaller
        service.attempts.lockSeconds = Double(attempts.lockHours) * 3600
        service.attempts.delaySeconds = Double(attempts.delaySeconds)
        service.attempts.perMinute = attempts.perMinute
        service.journalNamesPeople = configuration.log.names
        return service
    }

    var server: VarlinkServerConfiguration {
        let socket = configuration.socket
        return VarlinkServerConfiguration(
            vendor: "Likeness", product: "likenessd", version: LikenessVersion.current, url: "",
            limits: VarlinkLimits(
                maximumMessageBytes: socket.maximumMessageBytes, maximumConnections: socket.maximumConnections,
                maximumConnectionsPerUser: socket.maximumConnectionsPerUser > 0
                    ? socket.maximumConnectionsPerUser : nil,
                maximumBufferedBytes: socket.maximumBufferedBytes,
                maximumBufferedBytesPerUser: socket.maximumBufferedBytesPerUser > 0
                    ? socket.maximumBufferedBytesPerUser : nil,
                idleTimeout: .seconds(socket.idleSeconds)))
    }
}

extension AccessPolicy {
    init(_ access: ResolvedAccess) {
        self.init(
            roles: [
                .verifySelf: AccessHolders(access.verifySelf), .verify: AccessHolders(access.verify),
                .enrollSelf: AccessHolders(access.enrollSelf), .enroll: AccessHolders(access.enroll),
                .admin: AccessHolders(access.admin), .monitor: AccessHolders(access.monitor),
                .compare: AccessHolders(access.compare),
            ],
            score: AccessHolders(access.score), relay: AccessHolders(access.relay),
            isOpenWhileEmpty: access.isOpenWhileEmpty)
    }
}

extension AccessHolders {
    init(_ identifiers: AccessIdentifiers) {
        self.init(users: identifiers.users, groups: identifiers.groups)
    }
}
