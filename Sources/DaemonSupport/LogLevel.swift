// SPDX-License-Identifier: Apache-2.0

import Logging
import Synchronization

/// The least level that is logged, which a reload may change for every logger there is.
public final class LogLevel: Sendable {
    private let current: Mutex<Logger.Level>

    public init(_ level: Logger.Level) {
        current = Mutex(level)
    }

    public var value: Logger.Level { current.withLock { $0 } }

    public func use(_ level: Logger.Level) {
        current.withLock { $0 = level }
    }
}

extension DaemonConfiguration.Log {
    /// The configured level.
    public var loggerLevel: Logger.Level { Logger.Level(rawValue: level.rawValue) ?? .info }
}
