// SPDX-License-Identifier: Apache-2.0

/// Looks at everything of a host and its daemon that can be wrong, and changes nothing.
///
/// What two checks need is asked once (``DoctorFacts``). The checks then go side by side, each on a thread of its own and
/// for its time at most, so that none keeps the others waiting.
public struct Doctor: Sendable {
    private let target: DoctorTarget
    private let host: DoctorHost

    public init(_ target: DoctorTarget) {
        self.init(target, DoctorHost())
    }

    package init(_ target: DoctorTarget, _ host: DoctorHost) {
        self.target = target
        self.host = host
    }

    private struct Check: Sendable {
        let name: String
        var limit: Duration?
        let findings: @Sendable (DoctorFacts) -> [DoctorFinding]
    }

    /// In the order in which they are told.
    private static let checks = [
        Check(name: "service", findings: ServiceChecks.findings),
        Check(name: "socket", findings: SocketChecks.findings),
        Check(name: "configuration", limit: ConfigurationChecks.limit, findings: ConfigurationChecks.findings),
        Check(name: "gallery", findings: GalleryChecks.findings),
        Check(name: "database and metrics", limit: .seconds(12), findings: ConnectionChecks.findings),
        Check(name: "state folder", findings: StateChecks.findings),
        Check(name: "encryption", findings: KeyChecks.findings),
        Check(name: "models", limit: ModelChecks.limit, findings: ModelChecks.findings),
        Check(name: "limits", findings: LimitChecks.findings),
        Check(name: "host", findings: HostChecks.findings),
    ]

    public func report() async -> DoctorReport {
        await report(DoctorFacts.gather(target, host))
    }

    func report(_ facts: DoctorFacts) async -> DoctorReport {
        let findings = await withTaskGroup(of: (Int, [DoctorFinding]).self) { group in
            for (index, check) in Self.checks.enumerated() {
                group.addTask { (index, await Self.findings(of: check, facts)) }
            }
            var all = [[DoctorFinding]](repeating: [], count: Self.checks.count)
            for await (index, findings) in group { all[index] = findings }
            return all.flatMap { $0 }
        }
        return DoctorReport(findings)
    }

    private static func findings(of check: Check, _ facts: DoctorFacts) async -> [DoctorFinding] {
        // A little more than what the check itself bounds.
        let limit = (check.limit ?? facts.host.limit) + .seconds(2)
        return await BoundedWork.onThread(within: limit) { check.findings(facts) }
            ?? [
                .problem(
                    check.name, "looking at it did not end within \(milliseconds: limit)",
                    remedy: "a file system, a server of names or a program that it needs hangs: dmesg, mount")
            ]
    }
}
