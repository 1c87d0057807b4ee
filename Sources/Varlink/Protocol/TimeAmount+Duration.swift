// SPDX-License-Identifier: Apache-2.0

import NIOCore

extension TimeAmount {
    init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        let (nanoseconds, overflows) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        self = .nanoseconds(overflows ? .max : nanoseconds + attoseconds / 1_000_000_000)
    }
}
