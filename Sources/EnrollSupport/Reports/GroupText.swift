// SPDX-License-Identifier: Apache-2.0

import LikenessInterface
import Wording

/// Who is on a picture of several people, in words.
public enum GroupText {
    /// How many are known, at which threshold, and then one row for each face.
    public static func identification(_ reply: IdentifyAll.Reply) -> String {
        let known = reply.faces.count { $0.result == .match }
        let asked = reply.found > reply.faces.count ? ", of which the \(reply.faces.count) largest are asked for" : ""
        let rate = DecisionText.comparison(
            score: nil, threshold: reply.threshold, rate: DecisionText.rate(reply.operatingPoint, nil))
        return
            "\(DecisionText.word(reply.result)): \(known) of \(NumberText.count(reply.found, "face")) known\(asked), \(rate)\n"
            + DecisionText.search(reply.falsePositiveIdentification) + "\n" + table(reply)
            + reply.faces.enumerated().filter { $0.element.result == .inconclusive }.map {
                "  face \($0.offset + 1): \(PrintableText.of($0.element.message))\n"
            }.joined()
    }

    private static func table(_ reply: IdentifyAll.Reply) -> String {
        let rows = reply.faces.enumerated().map { number, face in
            let box = [face.box.left, face.box.top, face.box.width, face.box.height].map(NumberText.whole)
            let place = "\(box[2])×\(box[3]) at \(box[0]), \(box[1])"
            let row = ["\(number + 1)", place, DecisionText.word(face.result), face.nearest?.identity ?? ""]
            // Who may have no numbers is told of those who match alone.
            guard let threshold = reply.threshold else { return row }
            return row + [
                face.nearest == nil ? "" : face.result == .match ? "yes" : "no",
                face.nearest?.score.map { NumberText.score($0, threshold: threshold) } ?? "",
                face.nearest?.distance.map { NumberText.decimal($0) } ?? "",
            ]
        }
        let numbers: [TextTable.Column] =
            reply.threshold == nil ? [] : [.init("ACCEPTED"), .init("SCORE"), .init("DISTANCE")]
        return TextTable(
            columns: [.init("FACE"), .init("PLACE"), .init("RESULT"), .init("NEAREST")] + numbers, rows: rows
        ).text
    }
}
