// SPDX-License-Identifier: Apache-2.0

import Foundation

extension PairList {
    /// How much of a list is taken.
    public struct Limits: Sendable, Hashable {
        public var maximumFileBytes: Int
        public var maximumRowBytes: Int
        public var maximumRows: Int
        /// The share of the rows that may be left out.
        public var maximumBadShare: Double

        public init(
            maximumFileBytes: Int = 512 << 20, maximumRowBytes: Int = 16 << 10, maximumRows: Int = 5_000_000,
            maximumBadShare: Double = 0.01
        ) {
            self.maximumFileBytes = maximumFileBytes
            self.maximumRowBytes = maximumRowBytes
            self.maximumRows = maximumRows
            self.maximumBadShare = maximumBadShare
        }
    }

    /// Reads a CSV file of rows `image1,image2,label`, where label 1 says that both images are genuine samples of one
    /// identity and 0 that they are not.
    ///
    /// The first row may name the columns, in any order and with others between them. Paths are absolute or relative
    /// to the file's folder. A row is bad, and left out, when it breaks the format (RFC 4180), has no such label, names
    /// a file that is not there or one file twice, or calls two images different that rows before and after it
    /// call the same.
    /// - Throws: ``DataSetError`` when the file cannot be read, has too many rows, none, or too large a share of bad
    ///   ones.
    public static func read(_ file: String, limits: Limits = Limits()) throws(DataSetError) -> PairList {
        let bytes: [UInt8]
        do {
            bytes = try BoundedFile.read(file, limit: limits.maximumFileBytes, noun: "list of pairs")
        } catch {
            throw .unreadable(path: file, reason: error.description)
        }
        var reader = PairReader(file: file)
        var isFirst = true
        for row in CSVRows(bytes, maximumRowBytes: limits.maximumRowBytes) {
            if isFirst, case .fields(let fields) = row.content, let columns = PairReader.Columns(header: fields) {
                reader.columns = columns
            } else {
                guard reader.report.total < limits.maximumRows else {
                    throw .tooLarge(reason: "\(file) has more than \(limits.maximumRows) rows, the most that are taken")
                }
                reader.read(row)
            }
            isFirst = false
        }
        guard reader.report.total > 0 else {
            throw .notAList(
                location: DataLocation(file: file), reason: "it has no rows; give one row image1,image2,label a pair")
        }
        let list = reader.list()
        try list.report.check(maximumShare: limits.maximumBadShare)
        return list
    }
}

/// Reads rows one after another.
private struct PairReader {
    struct Columns {
        var first = 0
        var second = 1
        var label = 2
        var count = 3

        static let inOrder = Columns()

        private init() {}

        /// nil when the row does not name the three columns.
        init?(header: [String]) {
            let names = header.map { $0.trimmingCharacters(in: .whitespaces).lowercased() }
            guard let first = names.firstIndex(of: "image1"), let second = names.firstIndex(of: "image2"),
                let label = names.firstIndex(of: "label")
            else { return nil }
            (self.first, self.second, self.label, count) = (first, second, label, names.count)
        }
    }

    let file: String
    var columns = Columns.inOrder
    var report = DataReport(unit: "rows")
    private let folder: URL
    private var images: [LabeledImage] = []
    private var imageIndices: [String: Int] = [:]
    private var isThere: [String: Bool] = [:]
    private var rows: [(pair: LabeledPair, line: Int)] = []

    init(file: String) {
        self.file = file
        folder = URL(fileURLWithPath: file).standardizedFileURL.deletingLastPathComponent()
    }

    mutating func read(_ row: CSVRows.Row) {
        report.total += 1
        switch row.content {
        case .malformed(let reason): note(reason, line: row.line)
        case .fields(let fields):
            do throws(Refusal) {
                try add(fields, line: row.line)
            } catch {
                note(error.cause, line: row.line)
            }
        }
    }

    /// The list of what was read, without the rows that contradict others.
    mutating func list() -> PairList {
        var sets = DisjointSets(count: images.count)
        for row in rows where row.pair.isSame { sets.join(row.pair.first, row.pair.second) }
        var pairs: [LabeledPair] = []
        for (pair, line) in rows {
            if !pair.isSame, sets.root(of: pair.first) == sets.root(of: pair.second) {
                note(
                    "it says that \(images[pair.first].source.name) and \(images[pair.second].source.name) differ, "
                        + "and other rows say that they are the same", line: line)
            } else {
                pairs.append(pair)
            }
        }
        report.defects.sort { ($0.location.line ?? 0) < ($1.location.line ?? 0) }
        for index in images.indices { images[index].identity = images[sets.root(of: index)].source.name }
        return PairList(images: images, pairs: pairs, report: report)
    }

    private struct Refusal: Error {
        let cause: String
    }

    private mutating func note(_ cause: String, line: Int) {
        report.note(DataDefect(location: DataLocation(file: file, line: line), cause: cause))
    }

    private mutating func add(_ fields: [String], line: Int) throws(Refusal) {
        guard fields.count == columns.count else {
            throw Refusal(
                cause: "it has \(fields.count) \(fields.count == 1 ? "field" : "fields") in place of \(columns.count)")
        }
        let isSame: Bool
        switch fields[columns.label].trimmingCharacters(in: .whitespaces) {
        case "1": isSame = true
        case "0": isSame = false
        case let label: throw Refusal(cause: "the label “\(label.prefix(40))” is neither 1 (same) nor 0 (different)")
        }
        let first = try path(fields[columns.first]), second = try path(fields[columns.second])
        guard first != second else { throw Refusal(cause: "both images are the same file, \(first)") }
        rows.append(
            (
                LabeledPair(first: imageIndex(of: first, line), second: imageIndex(of: second, line), isSame: isSame),
                line
            ))
    }

    /// The path without detours, so that two ways to write it are one.
    private mutating func path(_ text: String) throws(Refusal) -> String {
        guard !text.isEmpty else { throw Refusal(cause: "an image's path is empty") }
        guard !text.utf8.contains(0) else { throw Refusal(cause: "an image's path holds a NUL") }
        let path = URL(fileURLWithPath: text, relativeTo: folder).standardizedFileURL.path
        if isThere[path] == nil {
            var isFolder: ObjCBool = false
            isThere[path] = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder.boolValue
        }
        guard isThere[path] == true else { throw Refusal(cause: "there is no file \(path)") }
        return path
    }

    private mutating func imageIndex(of path: String, _ line: Int) -> Int {
        if let known = imageIndices[path] { return known }
        imageIndices[path] = images.count
        images.append(
            LabeledImage(
                identity: path, source: .file(path), kind: .genuine, location: DataLocation(file: file, line: line))
        )
        return images.count - 1
    }
}
