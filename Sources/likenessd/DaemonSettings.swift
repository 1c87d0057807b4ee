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

    /// Neither of a user's folders is known.
    struct NoHome: Error, CustomStringConvertible {
        let description = "neither HOME nor XDG_DATA_HOME says where this user's files are; set one to an absolute path"
    }

    /// - Parameters:
    ///   - path: The file, which has to be there; nil for the usual one, which need not.
    /// - Throws: ``ConfigurationProblems`` with everything that is wrong, ``GalleryError/connectionMalformed``, or ``NoHome``.
    static func read(named path: String?, usersOwn: Bool, environment: [String: String]) throws -> DaemonSettings {
        let places: StandardPlaces
        if usersOwn {
            guard let own = StandardPlaces.user(environment: environment, user: geteuid()) else { throw NoHome() }
            places = own
        } else {
            places = .system
        }
        let defaults = DaemonConfiguration(places: places)
        let source = path ?? (FileManager.default.fileExists(atPath: places.configuration) ? places.configuration : nil)
        let configuration = try source.map { try ConfigurationFile.read($0, defaults: defaults) } ?? defaults
        let access = configuration.resolvedAccess()
        guard access.problems.isEmpty else {
            throw ConfigurationProblems(path: source ?? places.configuration, problems: access.problems)
        }
        let database = configuration.gallery.database
        // Not said by the file's reader, which would quote it, and a password with it.
        guard database.isEmpty || PostgreSQLGallery.description(of: database) != nil else { throw GalleryError.connectionMalformed }
        return DaemonSettings(
            configuration: configuration, source: source,
            access: AccessPolicy(verify: access.verify, enrol: access.enrol, admin: access.admin))
    }

    var service: ServiceConfiguration {
        var service = ServiceConfiguration(version: LikenessVersion.current, galleryPath: configuration.galleryName)
        service.workers = configuration.work.workers
        service.queueLength = configuration.work.queueLength
        service.operatingPoint = configuration.verification.operatingPoint
        service.signatureOperatingPoint = configuration.verification.signatureOperatingPoint
        service.rule = switch configuration.verification.rule {
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
            age: audit.keepDays > 0 ? Double(audit.keepDays) * 86_400 : nil, entries: audit.keepEntries > 0 ? audit.keepEntries : nil)
        service.auditsComparisons = audit.comparisons
        return service
    }

    var server: VarlinkServerConfiguration {
        VarlinkServerConfiguration(
            vendor: "Likeness", product: "likenessd", version: LikenessVersion.current, url: "",
            limits: VarlinkLimits(
                maximumMessageBytes: configuration.socket.maximumMessageBytes,
                maximumConnections: configuration.socket.maximumConnections,
                maximumBufferedBytes: configuration.socket.maximumBufferedBytes))
    }
}

extension AccessPolicy {
    /// A user or group that is named for several roles has the highest of them.
    init(verify: AccessIdentifiers, enrol: AccessIdentifiers, admin: AccessIdentifiers) {
        self.init()
        for (role, holders) in [(Role.verify, verify), (.enrol, enrol), (.admin, admin)] {
            for user in holders.users { users[user] = role }
            for group in holders.groups { groups[group] = role }
        }
    }
}
