// SPDX-License-Identifier: Apache-2.0

import Crypto
import Foundation
import NeuralNet
import Recognition
import Wording

/// What a model package made from dlib's networks holds.
public struct DlibModelFiles: Sendable {
    /// The embedding network as ONNX: `image` [batch, 3, 150, 150] → `embedding` [batch, 128], RGB.
    public let embedONNX: [UInt8]
    /// The face detector as ONNX: `image` [1, 3, height, width] (a tiled pyramid) → `scores` [1, 1, rows, columns].
    public let detectONNX: [UInt8]
    /// The landmark predictor in ``ShapePredictor``'s own encoding.
    public let landmarks: [UInt8]
    /// The chip's side in pixels and the margin around the face in it, as a share of the face's size.
    public let chipSide: Int
    public let chipPadding: Double
    /// The embedding network's input is `(value − mean) / divisor` for red, green and blue in 0…255.
    public let means: [Float]
    public let divisor: Float
    /// The number of coordinates of an embedding.
    public let embeddingSize: Int
    /// How the detector is used.
    public let detector: MMODParameters
    /// Where the networks come from and on what terms, for the manifest.
    public let source: String
    public let license: String
    /// Whether all three files have the SHA-256 of the published ones.
    public let isPublished: Bool
}

/// Turns the files of face-recognition-models into the parts of a model package.
public enum DlibImport {
    /// Reads the three files in `modelsFolder` and converts them.
    ///
    /// - Parameters:
    ///   - scaling: how images are scaled before detection; written to the manifest.
    ///   - allowingUnknownContent: accepts files whose SHA-256 is not that of the published ones. They must
    ///     still have the same architecture.
    public static func makePackage(
        modelsFolder: String, scaling: MMODScaling = .default, allowingUnknownContent: Bool = false
    ) throws(DlibImportError) -> DlibModelFiles {
        let embeddingFile = try read(.embedding, in: modelsFolder, allowingUnknownContent: allowingUnknownContent)
        let detectorFile = try read(.detector, in: modelsFolder, allowingUnknownContent: allowingUnknownContent)
        let landmarkFile = try read(.landmarks, in: modelsFolder, allowingUnknownContent: allowingUnknownContent)

        let embedding = try DlibEmbeddingFile(name: DlibKnownFile.embedding.rawValue, bytes: embeddingFile.bytes)
        let detector = try DlibDetectorFile(
            name: DlibKnownFile.detector.rawValue, bytes: detectorFile.bytes, scaling: scaling)
        let landmarks = try DlibShapePredictorFile.read(
            name: DlibKnownFile.landmarks.rawValue, bytes: landmarkFile.bytes)
        return DlibModelFiles(
            embedONNX: try onnx(
                try DlibGraphBuilder.embeddingGraph(
                    embedding.network, side: DlibEmbeddingFile.chipSide, file: DlibKnownFile.embedding.rawValue),
                of: .embedding),
            detectONNX: try onnx(
                try DlibGraphBuilder.detectorGraph(detector.network, file: DlibKnownFile.detector.rawValue),
                of: .detector),
            landmarks: landmarks.fileBytes(),
            chipSide: DlibEmbeddingFile.chipSide, chipPadding: DlibEmbeddingFile.chipPadding,
            means: embedding.network.input.means, divisor: DlibInputLayer.divisor,
            embeddingSize: DlibEmbeddingFile.embeddingSize, detector: detector.parameters,
            source: "face-recognition-models 0.3.0 (networks of dlib by Davis E. King)", license: "CC0-1.0",
            isPublished: embeddingFile.isPublished && detectorFile.isPublished && landmarkFile.isPublished)
    }

    /// The embedding network of a file's bytes, for callers that hold them already.
    package static func embeddingGraph(fileBytes: [UInt8]) throws(DlibImportError) -> Graph {
        let name = DlibKnownFile.embedding.rawValue
        return try DlibGraphBuilder.embeddingGraph(
            try DlibEmbeddingFile(name: name, bytes: fileBytes).network, side: DlibEmbeddingFile.chipSide, file: name)
    }

    /// The detector of a file's bytes, for callers that hold them already.
    package static func detectorGraph(
        fileBytes: [UInt8]
    ) throws(DlibImportError) -> (graph: Graph, parameters: MMODParameters) {
        let name = DlibKnownFile.detector.rawValue
        let file = try DlibDetectorFile(name: name, bytes: fileBytes, scaling: .default)
        return (try DlibGraphBuilder.detectorGraph(file.network, file: name), file.parameters)
    }

    /// The landmark predictor of a file's bytes, for callers that hold them already.
    package static func shapePredictor(fileBytes: [UInt8]) throws(DlibImportError) -> ShapePredictor {
        try DlibShapePredictorFile.read(name: DlibKnownFile.landmarks.rawValue, bytes: fileBytes)
    }

    private static func read(
        _ file: DlibKnownFile, in folder: String, allowingUnknownContent: Bool
    ) throws(DlibImportError) -> (bytes: [UInt8], isPublished: Bool) {
        let path = URL(fileURLWithPath: folder, isDirectory: true).appendingPathComponent(file.rawValue)
        let data: Data
        do {
            let handle = try FileHandle(forReadingFrom: path)
            defer { try? handle.close() }
            // One byte more than allowed tells an oversized file without reading all of it.
            data = try handle.read(upToCount: DlibKnownFile.maximumBytes + 1) ?? Data()
        } catch {
            throw .unreadableFile(name: file.rawValue, reason: SystemReason.of(error))
        }
        guard data.count <= DlibKnownFile.maximumBytes else {
            throw .oversizedFile(name: file.rawValue, limit: DlibKnownFile.maximumBytes)
        }
        let digest = HexadecimalText.of(SHA256.hash(data: data))
        guard allowingUnknownContent || digest == file.sha256 else {
            throw .unknownContent(name: file.rawValue, sha256: digest)
        }
        return (Array(data), digest == file.sha256)
    }

    private static func onnx(_ graph: Graph, of file: DlibKnownFile) throws(DlibImportError) -> [UInt8] {
        do {
            return try graph.onnxBytes()
        } catch {
            throw .unwritableNetwork(file: file.rawValue, reason: error.description)
        }
    }
}
