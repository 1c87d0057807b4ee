// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What the daemon's configuration file states, with defaults for what it leaves out.
public struct DaemonConfiguration: Sendable, Hashable {
    public var socket: Socket
    public var gallery: Gallery
    public var models: Models
    public var images = Images()
    public var work = Work()
    public var verification = Verification()
    public var rotation = Rotation()
    public var audit = Audit()
    public var access: Access
    public var attempts = Attempts()
    public var metrics = Metrics()
    public var log = Log()

    /// Where callers connect, and what they may take.
    public struct Socket: Sendable, Hashable {
        /// Absolute. Not used when systemd hands over the socket.
        public var path: String
        /// Permission bits of the socket, in 0…0o777.
        public var mode: Int
        public var maximumConnections = 256
        /// The most of one user; 0 for a quarter of all.
        public var maximumConnectionsPerUser = 0
        /// How long a connection stays open between calls.
        public var idleSeconds = 300
        /// The largest call that is read, images in base64 included.
        public var maximumMessageBytes = 96 << 20
        /// What all connections together may hold of calls that arrive, wait or are answered.
        public var maximumBufferedBytes = 512 << 20
        /// The same of one user's connections; 0 for a quarter, or for one call where that is more.
        public var maximumBufferedBytesPerUser = 0
    }

    public struct Gallery: Sendable, Hashable {
        /// Absolute path of the SQLite file.
        public var path: String
        /// The PostgreSQL database that holds the gallery instead, as libpq takes it, which is checked when it is used;
        /// empty for the file.
        public var database = ""
        /// Absolute path of the file with the gallery's key, where no systemd credential holds it; empty for none.
        public var keyFile = ""
        /// Absolute path of the file with the key before, while rows sealed under it are left; empty for none.
        public var previousKeyFile = ""
        /// Whether a gallery that is not encrypted is taken although a key is given, so that it can be brought under
        /// the key.
        public var acceptUnencrypted = false
        /// Whether the pictures of samples are kept, so that another model can embed them.
        public var keepSamples = true
    }

    /// What a rotation to another model has to keep to.
    public struct Rotation: Sendable, Hashable {
        /// The largest rise of the gallery's own equal error rate, in 0…1.
        public var maxDrop = 0.01
    }

    /// What the audit log keeps, and for how long.
    public struct Audit: Sendable, Hashable {
        /// 0 for ever.
        public var keepDays = 365
        /// 0 for any number.
        public var keepEntries = 0
        /// Whether comparisons are entered too, and not only what changes the gallery.
        public var comparisons = false
    }

    public struct Models: Sendable, Hashable {
        /// Absolute path of the folder that holds the model packages.
        public var folder: String
        /// The models to use, at most one of each modality, with commas between them; empty for those that the folder
        /// has chosen.
        public var active = ""
        /// The network that covered faces are measured by, or `none`; empty for the one in the folder.
        public var faceCover = ""

        /// The names in ``active``.
        public var activeNames: [String] {
            active.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        }
    }

    public struct Images: Sendable, Hashable {
        public var maximumFileBytes = 64 << 20
        public var maximumPixels = 50_000_000
        /// How long reading an image file may take.
        public var maximumSeconds = 10
    }

    public struct Work: Sendable, Hashable {
        /// Threads that decode, detect and embed; 0 for one per core.
        public var workers = 0
        /// Requests that may wait for a worker.
        public var queueLength = 64
        /// How long a stop waits for what was accepted, in seconds.
        public var stopSeconds = 60
    }

    public struct Verification: Sendable, Hashable {
        /// The false-match rate whose threshold holds when the caller names none.
        public var operatingPoint = 0.001
        /// The same for signatures.
        public var signatureOperatingPoint = 0.001
        /// The share of skilled forgeries that may match, which chooses the threshold of signatures in place of that
        /// rate; 0 for that rate.
        public var signatureSkilledRate = 0.1
        /// Whether a model that cannot keep that share is held to the rate and not refused: where the share is the default.
        public var holdsToUsualSkilledRate: Bool { signatureSkilledRate == Self().signatureSkilledRate }
        public var rule = DistanceRule.mean
    }

    /// How the distance of a probe to an identity is taken over its samples.
    public enum DistanceRule: String, Sendable, Hashable, CaseIterable {
        /// To the mean of the embeddings, at length 1 where the model's embeddings have length 1.
        case mean
        /// To the nearest sample.
        case minimum
    }

    /// Who has which role and which grant. While nobody is named, the system's daemon serves root and its own user, and a
    /// user's own daemon serves everyone who can connect.
    public struct Access: Sendable, Hashable {
        /// Who may verify the identity that is called as his account is.
        public var verifySelf: [AccessName] = []
        /// Includes ``verifySelf``.
        public var verify: [AccessName] = []
        /// Who may change what is enrolled under the name of his account, where polkit lets him. Includes ``verifySelf``.
        public var enrollSelf: [AccessName] = []
        /// Includes ``verify`` and ``enrollSelf``.
        public var enroll: [AccessName] = []
        /// Includes every role.
        public var admin: [AccessName] = []
        /// Who may read what the daemon counts.
        public var monitor: [AccessName] = []
        /// Who may have pictures of his own looked at, without the gallery.
        public var compare: [AccessName] = []
        /// Whose replies hold distances, scores and thresholds.
        public var score: [AccessName] = []
        /// Who may name the user for whom it asks.
        public var relay: [AccessName] = []
        /// Whether everyone who can connect may do everything while nobody is named.
        public var isOpenWhileEmpty: Bool
    }

    /// Where what the daemon counts is read by HTTP.
    public struct Metrics: Sendable, Hashable {
        /// Absolute path of a socket of its own; empty for none.
        public var socket = ""
        /// Permission bits of the socket, in 0…0o777.
        public var mode = 0o660
    }

    /// How often a caller may fail.
    public struct Attempts: Sendable, Hashable {
        /// Failed comparisons with one identity, and with all, after which a caller is locked out.
        public var perIdentity = 5
        public var perCaller = 25
        public var lockHours = 24
        /// The first delay after failures; 0 for none.
        public var delaySeconds = 1
        /// Pictures that are looked at in a minute.
        public var perMinute = 30
    }

    public struct Log: Sendable, Hashable {
        public var level: Level
        public var destination: LogDestination
        /// Whether people are named although the gallery is encrypted.
        public var names: Bool

        package init(level: Level = .info, destination: LogDestination = .automatic, names: Bool = false) {
            self.level = level
            self.destination = destination
            self.names = names
        }
    }

    public enum Level: String, Sendable, Hashable, CaseIterable {
        case trace, debug, info, notice, warning, error, critical
    }

    public enum LogDestination: String, Sendable, Hashable, CaseIterable {
        /// The journal when standard error is connected to it, standard error otherwise.
        case automatic = "auto"
        case journal
        case terminal
    }

    /// The defaults at these places. A user's own daemon is for that user alone.
    public init(paths: StandardPaths) {
        socket = Socket(path: paths.socket, mode: paths.isUsersOwn ? 0o600 : 0o660)
        gallery = Gallery(path: paths.gallery)
        models = Models(folder: paths.models)
        access = Access(isOpenWhileEmpty: paths.isUsersOwn)
    }
}
