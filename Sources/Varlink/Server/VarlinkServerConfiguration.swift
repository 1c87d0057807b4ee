/// What a server says of itself, and how much it takes from its peers.
public struct VarlinkServerConfiguration: Sendable {
    public var vendor: String
    public var product: String
    public var version: String
    public var url: String
    public var limits: VarlinkLimits

    public init(vendor: String, product: String, version: String, url: String, limits: VarlinkLimits = VarlinkLimits()) {
        self.vendor = vendor
        self.product = product
        self.version = version
        self.url = url
        self.limits = limits
    }
}

/// How much a server takes from its peers before it closes their connections.
public struct VarlinkLimits: Sendable, Hashable {
    /// The most bytes of one message.
    public var maximumMessageBytes: Int
    /// The most keys and values of one message: decoded, a value takes many times the bytes that it has as text.
    public var maximumValues: Int
    /// The most connections at a time; one more is closed at once.
    public var maximumConnections: Int
    /// The most bytes of messages, unfinished or being handled, over all connections.
    public var maximumBufferedBytes: Int
    /// The time from the first byte of a message to its last.
    public var messageTimeout: Duration
    /// The time in which a peer must take a reply.
    public var replyTimeout: Duration

    public init(
        maximumMessageBytes: Int = 96 << 20, maximumValues: Int = 4096, maximumConnections: Int = 128,
        maximumBufferedBytes: Int = 512 << 20, messageTimeout: Duration = .seconds(30),
        replyTimeout: Duration = .seconds(30)
    ) {
        self.maximumMessageBytes = maximumMessageBytes
        self.maximumValues = maximumValues
        self.maximumConnections = maximumConnections
        self.maximumBufferedBytes = maximumBufferedBytes
        self.messageTimeout = messageTimeout
        self.replyTimeout = replyTimeout
    }
}

/// Where a server listens.
public enum VarlinkAddress: Sendable, Hashable {
    /// A Unix socket made at this path with these permissions, and removed at the end.
    case unixPath(String, mode: UInt32)
    /// A listening Unix socket that is open already, as systemd hands over.
    case inheritedDescriptor(Int32)
}
