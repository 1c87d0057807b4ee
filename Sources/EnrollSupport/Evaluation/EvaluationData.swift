// SPDX-License-Identifier: Apache-2.0

import Foundation
import Imaging
import Recognition
import Training

/// What a model is evaluated on.
public struct EvaluationData: Sendable {
    enum Content: Sendable {
        /// For each image the number of its identity.
        case identities([Int])
        case pairs([LabeledPair], identities: [Int])
    }

    public let path: String
    let images: [LabeledImage]
    let content: Content
    /// What was left out before an image was opened.
    let report: DataReport

    /// A folder with a folder for each identity, or a CSV file of pairs `image1,image2,label`.
    ///
    /// - Throws: a failure when there is no such thing, or it holds nothing of use.
    public init(_ path: String) throws(CommandFailure) {
        self.path = path
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw CommandFailure(.noInput, name: "NoInputFile", message: "\(path): there is no such file or folder")
        }
        do throws(DataSetError) {
            if isFolder.boolValue {
                (images, report) = try IdentityFolder.read(path)
                content = .identities(Self.numbers(images))
            } else {
                let list = try PairList.read(path)
                (images, report) = (list.images, list.report)
                content = .pairs(list.pairs, identities: list.labels)
            }
        } catch {
            throw CommandFailure(error)
        }
    }

    private static func numbers(_ images: [LabeledImage]) -> [Int] {
        var numbers: [String: Int] = [:]
        return images.map { image in
            if let number = numbers[image.identity] { return number }
            numbers[image.identity] = numbers.count
            return numbers.count - 1
        }
    }

    /// What the images are called in reports: their paths within the data.
    func name(of image: Int) -> String {
        let name = images[image].source.name
        return name.hasPrefix(path + "/") ? String(name.dropFirst(path.count + 1)) : name
    }

    /// The images as an acquisition reads them.
    var readable: [Calibrator.Image] { images.indices.map(readable) }

    func readable(_ index: Int) -> Calibrator.Image {
        let source = images[index].source
        return Calibrator.Image(name: name(of: index)) {
            switch source {
            case .file(let path): try InputFile.read(path)
            case .generated(_, _, let render): try render().pngBytes()
            }
        }
    }
}
