// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import Training

@Suite struct PairListTests {
    private func names(_ list: PairList) -> [[String]] {
        list.pairs.map { pair in
            [pair.first, pair.second].map { (list.images[$0].source.name as NSString).lastPathComponent } + [
                pair.isSame ? "1" : "0"
            ]
        }
    }

    private func folder() throws -> DataFolder {
        let folder = try DataFolder()
        for name in ["a.png", "b.png", "c, d.png", "sub/e.png"] { try folder.image(name) }
        return folder
    }

    @Test(arguments: [
        "a.png,b.png,1\na.png,\"c, d.png\",0\n",
        "\u{FEFF}image1,image2,label\r\na.png,b.png,1\r\n./a.png,\"c, d.png\", 0\r\n",
        "Label,note,image2,image1\n1,x,b.png,a.png\n0,,\"c, d.png\",sub/../a.png",
    ])
    func pairsAreReadWithAndWithoutNamesOfColumns(_ text: String) throws {
        let folder = try folder()
        let list = try PairList.read(try folder.write(text, to: "pairs.csv"))
        #expect(names(list) == [["a.png", "b.png", "1"], ["a.png", "c, d.png", "0"]])
        #expect(list.images.count == 3)
        #expect(list.report.total == 2 && list.report.bad == 0)
    }

    @Test func absolutePathsAreTakenAndOthersAreRelativeToTheList() throws {
        let folder = try folder()
        let list = try PairList.read(try folder.write("e.png,\(folder.path("a.png")),1", to: "sub/pairs.csv"))
        #expect(
            list.images.map(\.source.name)
                == [folder.path("sub/e.png"), folder.path("a.png")].map {
                    URL(fileURLWithPath: $0).standardizedFileURL.path
                })
        #expect(list.images.map(\.identity) == Array(repeating: list.images[0].identity, count: 2))
    }

    @Test func badRowsAreReportedWithFileLineAndCauseAndCounted() throws {
        let folder = try folder()
        let rows = [
            "a.png,b.png,1", "a.png,b.png", "a.png,b.png,yes", "a.png,none.png,0", "a.png,./a.png,1", ",b.png,1",
            "b.png,a.png,0",
            "a.png,\"b.png,1",
        ]
        let file = try folder.write(rows.joined(separator: "\n"), to: "pairs.csv")
        let list = try PairList.read(file, limits: .init(maximumBadShare: 1))
        #expect(names(list) == [["a.png", "b.png", "1"]])
        #expect(list.report.total == 8 && list.report.bad == 7)
        #expect(list.report.defects.map(\.location) == (2...8).map { DataLocation(file: file, line: $0) })
        for (defect, part) in zip(
            list.report.defects,
            [
                "2 fields in place of 3", "“yes” is neither", "there is no file", "the same file", "is empty",
                "other rows say", "no closing quote",
            ]
        ) {
            #expect(defect.cause.contains(part), "\(defect)")
        }
    }

    @Test func tooManyBadRowsStopTheRunWithTheirCountAndTheFirstCauses() throws {
        let folder = try folder()
        var rows = Array(repeating: "a.png,b.png,1", count: 198) + ["a.png,b.png,2", "a.png,b.png,3"]
        #expect(try PairList.read(try folder.write(rows.joined(separator: "\n"), to: "good.csv")).report.bad == 2)
        rows[0] = "a.png"
        let file = try folder.write(rows.joined(separator: "\n"), to: "bad.csv")
        let error = try #require(throws: DataSetError.self) { try PairList.read(file) }
        #expect(
            "\(error)" == """
                3 of 200 rows are bad, and at most 1.0 % may be:
                  \(file):1: it has 1 field in place of 3
                  \(file):199: the label “2” is neither 1 (same) nor 0 (different)
                  \(file):200: the label “3” is neither 1 (same) nor 0 (different)
                Correct or remove them, or allow a larger share.
                """)
    }

    @Test func listsWithoutRowsOrWithTooManyAreRefused() throws {
        let folder = try folder()
        #expect(throws: DataSetError.self) {
            try PairList.read(try folder.write("image1,image2,label\n", to: "empty.csv"))
        }
        let file = try folder.write("a.png,b.png,1\na.png,b.png,1\n", to: "long.csv")
        #expect(throws: DataSetError.tooLarge(reason: "\(file) has more than 1 rows, the most that are taken")) {
            try PairList.read(file, limits: .init(maximumRows: 1))
        }
        #expect(throws: DataSetError.unreadable(path: "/none.csv", reason: "there is no such file")) {
            try PairList.read("/none.csv")
        }
    }

    @Test func aSplitPartsNoIdentityAndLosesNoPairWhereItNeedNot() throws {
        let folder = try DataFolder()
        var rows: [String] = []
        for person in 0..<10 {
            for sample in 0..<3 { try folder.image("\(person)-\(sample).png") }
            rows += ["\(person)-0.png,\(person)-1.png,1", "\(person)-0.png,\(person)-2.png,0"]
        }
        let apart = try PairList.read(try folder.write(rows.joined(separator: "\n"), to: "apart.csv"))
        let first = try apart.split(validationShare: 0.3, seed: 1)
        #expect(first.crossing == 0)
        #expect(first.validation.pairs.count == 6 && first.training.pairs.count == 14)
        rows += (0..<10).map { "\($0)-0.png,\(($0 + 1) % 10)-0.png,0" }
        let linked = try PairList.read(try folder.write(rows.joined(separator: "\n"), to: "linked.csv"))
        for split in try linked.folds(5, seed: 2) + [try linked.split(validationShare: 0.3, seed: 3)] {
            let training = Set(split.training.pairs.flatMap { [$0.first, $0.second] })
            let validation = Set(split.validation.pairs.flatMap { [$0.first, $0.second] })
            #expect(training.isDisjoint(with: validation))
            // The lone images went with those that they are compared with, so that only pairs across people are lost.
            #expect(split.training.pairs.count + split.validation.pairs.count + split.crossing == 30)
            #expect(split.crossing > 0 && split.crossing <= 10)
            #expect(split.validation.pairs.contains { !$0.isSame } && split.validation.pairs.contains(where: \.isSame))
        }
    }

    @Test func pairsOfImagesThatTheCacheLeftOutFallAway() throws {
        let folder = try folder()
        try folder.write("no image", to: "x.png")
        let list = try PairList.read(try folder.write("a.png,x.png,1\nb.png,\"c, d.png\",0\n", to: "pairs.csv"))
        let cache = try ImageCache(
            list.images, width: 4, height: 3, limits: .init(maximumBadShare: 0.5), decoding: .local
        ) {
            $0.grayscale()
        }
        let placed = list.placed(in: cache)
        #expect(names(placed) == [["b.png", "c, d.png", "0"]])
        #expect(cache.report.defects.first?.location.line == 1)
        #expect(placed.report.remarks == ["1 of 2 pairs fall away with the images that were left out"])
    }
}
