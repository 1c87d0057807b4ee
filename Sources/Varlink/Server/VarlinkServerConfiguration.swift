// SPDX-License-Identifier: Apache-2.0

/// What a server says of itself, and how much it takes from its peers.
public struct VarlinkServerConfiguration: Sendable {
    public var vendor: String
    public var product: String
    public var version: String
    public var url: String
    public var limits: VarlinkLimits

    public init(vendor: String, product: String, version: String, url: String, limits: VarlinkLimits = VarlinkLimits())
    {
        self.vendor = vendor
        self.product = product
        self.version = version
        self.url = url
        self.limits = limits
    }
}

/// How much a server takes from its peers before it refuses their calls or closes their connections.
public struct VarlinkLimits: Sendable, Hashable {
    /// The most bytes of one message.
    public var maximumMessageBytes: Int
    /// The most keys and values of one message: decoded, a value takes many times the bytes that it has as text.
    public var maximumValues: Int
    /// The most messages, one after the other, that are no calls.
    public var maximumMalformedMessages: Int
    /// The most connections at a time. Some of them are kept for privileged peers and for telling others that they are
    /// refused; see ``PeerStanding``.
    public var maximumConnections: Int
    /// The most connections of one user; nil for a quarter of all.
    public var maximumConnectionsPerUser: Int?
    /// The most bytes of messages, unfinished or being handled, over all connections.
    public var maximumBufferedBytes: Int
    /// The same of one user; nil for a quarter of all, or for one message where that is more.
    public var maximumBufferedBytesPerUser: Int?
    /// The most that is kept of a message of somebody who is only told something.
    public var maximumBriefMessageBytes: Int
    /// The time from the first byte of a message to its last.
    public var messageTimeout: Duration
    /// The time in which a peer must take a reply.
    public var replyTimeout: Duration
    /// The time from one call's last reply to the first byte of the next call.
    public var idleTimeout: Duration
    /// The time in which somebody who is only told something must have sent a call and taken the answer.
    public var briefTimeout: Duration
    /// The time that a peer has to end a message for which its connection is closed.
    public var lingerTimeout: Duration

    public init(
        maximumMessageBytes: Int = 96 << 20, maximumValues: Int = 4096, maximumMalformedMessages: Int = 16,
        maximumConnections: Int = 128, maximumConnectionsPerUser: Int? = nil, maximumBufferedBytes: Int = 512 << 20,
        maximumBufferedBytesPerUser: Int? = nil, maximumBriefMessageBytes: Int = 65_536,
        messageTimeout: Duration = .seconds(30),
        replyTimeout: Duration = .seconds(30), idleTimeout: Duration = .seconds(300),
        briefTimeout: Duration = .seconds(10),
        lingerTimeout: Duration = .seconds(2)
    ) {
        self.maximumMessageBytes = maximumMessageBytes
        self.maximumValues = maximumValues
        self.maximumMalformedMessages = maximumMalformedMessages
        self.maximumConnections = maximumConnections
        self.maximumConnectionsPerUser = maximumConnectionsPerUser
        self.maximumBufferedBytes = maximumBufferedBytes
        self.maximumBufferedBytesPerUser = maximumBufferedBytesPerUser
        self.maximumBriefMessageBytes = maximumBriefMessageBytes
        self.messageTimeout = messageTimeout
        self.replyTimeout = replyTimeout
        self.idleTimeout = idleTimeout
        self.briefTimeout = briefTimeout
        self.lingerTimeout = lingerTimeout
    }

    /// What one user may hold.
    var bufferedBytesPerUser: Int {
        maximumBufferedBytesPerUser
            ?? min(maximumBufferedBytes, max(maximumBufferedBytes / 4, maximumMessageBytes + 65_536))
    }

    /// What is kept for privileged peers: a message of theirs, where that leaves most to the others, and a whole
    /// message.
    var reservedBytes: Int {
        max(0, min(maximumMessageBytes, maximumBufferedBytes / 4, maximumBufferedBytes - maximumMessageBytes - 65_536))
    }
}

/// Where a server listens.
public enum VarlinkAddress: Sendable, Hashable {
    /// A Unix socket made at this path with these permissions, and removed at the end.
    case unixPath(String, mode: UInt32)
    /// A listening Unix socket that is open already, as systemd hands over.
    case inheritedDescriptor(Int32)
}
