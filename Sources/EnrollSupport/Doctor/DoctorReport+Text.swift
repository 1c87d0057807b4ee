// SPDX-License-Identifier: Apache-2.0

import Wording

extension DoctorReport {
    /// For people: a line for each finding, what to do below it, and what it comes to at the end.
    ///
    /// - Parameter columns: the width of the terminal; lines are broken to it.
    public func text(columns: Int = 80) -> String {
        let columns = min(max(columns, 40), 120)
        let names = findings.map { DisplayWidth.of($0.check) }.max() ?? 0
        let left = Self.levelWidth + 2 + names + 2
        var text = ""
        for finding in findings {
            let head = Self.padded(finding.level.rawValue, Self.levelWidth) + "  " + Self.padded(finding.check, names)
            let lines = TextWrap.lines(finding.says.text, columns: columns - left)
            text += Self.trimmed(head + "  " + (lines.first ?? "")) + "\n"
            for line in lines.dropFirst() { text += Self.blanks(left) + line + "\n" }
            guard let remedy = finding.remedy else { continue }
            for (index, line) in remedy.lines(columns: columns - left - 3).enumerated() {
                text += Self.blanks(left) + (index == 0 ? "-> " : "   ") + line + "\n"
            }
        }
        return text + "\n" + TextWrap.lines(summary, columns: columns).joined(separator: "\n") + "\n"
    }

    private var summary: String {
        let problems = count(.problem), warnings = count(.warning), unknown = count(.unknown)
        let rest = unknown > 0 ? "; \(NumberText.count(unknown, "thing")) could not be looked at" : ""
        guard problems + warnings > 0 else { return "nothing wrong was found in \(count(.ok)) checks\(rest)" }
        return
            "\(NumberText.count(problems, "problem")), \(NumberText.count(warnings, "warning")); \(count(.ok)) checks found nothing wrong\(rest)"
    }

    private static let levelWidth = DoctorFinding.Level.allCases.map(\.rawValue.count).max() ?? 0

    private static func padded(_ text: String, _ width: Int) -> String {
        text + blanks(width - DisplayWidth.of(text))
    }

    private static func blanks(_ count: Int) -> String { String(repeating: " ", count: max(0, count)) }

    private static func trimmed(_ line: String) -> String {
        var line = line
        while line.last == " " { line.removeLast() }
        return line
    }
}

extension DoctorReport: Encodable {
    private enum CodingKeys: String, CodingKey { case findings, problems, warnings, unknown, ok }

    struct Entry: Encodable {
        let check: String
        let level: String
        let message: String
        let remedy: String?

        init(_ finding: DoctorFinding, isAnonymous: Bool) {
            check = finding.check
            level = finding.level.rawValue
            message = isAnonymous ? finding.says.anonymous : finding.says.text
            remedy = isAnonymous ? finding.remedy?.anonymous : finding.remedy?.text
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(findings.map { Entry($0, isAnonymous: false) }, forKey: .findings)
        try container.encode(count(.problem), forKey: .problems)
        try container.encode(count(.warning), forKey: .warnings)
        try container.encode(count(.unknown), forKey: .unknown)
        try container.encode(count(.ok), forKey: .ok)
    }

    /// What may leave the host of each finding.
    var anonymousEntries: [Entry] { findings.map { Entry($0, isAnonymous: true) } }
}
