// SPDX-License-Identifier: Apache-2.0

import NeuralNet

extension ModelPackage {
    /// The detector that the manifest of a face model states.
    package func faceLocator() throws(ModelPackageError) -> any FaceLocator {
        guard let detector = manifest.detector else {
            throw .contradiction(reason: "a face model needs a [detector]")
        }
        let network: Network
        let detectorBytes = try bytes(of: detector.file)
        do {
            network = try Network(onnx: detectorBytes)
        } catch {
            throw .network(file: detector.file, error)
        }
        switch detector.kind {
        case .yuNet(let parameters):
            do {
                return try YuNetDetector(network: network, parameters: parameters)
            } catch {
                throw .invalidFile(file: detector.file, reason: error.reason)
            }
        case .dlibMMOD(let parameters, let landmarksFile):
            let predictor: ShapePredictor
            let landmarks = try bytes(of: landmarksFile)
            do {
                predictor = try ShapePredictor(fileBytes: landmarks)
            } catch {
                throw .invalidFile(file: landmarksFile, reason: error.description)
            }
            do {
                return try MMODDetector(network: network, landmarkPredictor: predictor, parameters: parameters)
            } catch {
                throw .invalidFile(file: detector.file, reason: error.reason)
            }
        }
    }

    /// The aligner that the manifest of a face model states.
    package func faceAligner() throws(ModelPackageError) -> any FaceAligner {
        let side = manifest.input.width
        switch (manifest.alignment, manifest.detector?.kind) {
        case (.arcFace, _):
            return ArcFaceAligner(chipSize: side)
        case (.dlibChip(let padding), .dlibMMOD(let parameters, _)):
            do {
                return try DlibFaceAligner(scaling: parameters.scaling, chipSize: side, padding: padding)
            } catch {
                throw .contradiction(reason: error.reason)
            }
        case (.dlibChip, _), (.none, _), (.signatureCanvas, _):
            throw .contradiction(reason: "the alignment “\(manifest.alignment.kindName)” does not go with the detector")
        }
    }

    private func bytes(of file: String) throws(ModelPackageError) -> [UInt8] {
        guard let bytes = files[file] else { throw .missingFile(file: file) }
        return bytes
    }
}
