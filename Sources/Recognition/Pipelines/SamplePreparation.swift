// SPDX-License-Identifier: Apache-2.0

import Imaging

/// One worker's way from a picture to a sample.
protocol SamplePreparation: AnyObject {
    /// How long a detector has looked at pictures so far; zero where nothing is detected.
    var detectionTime: Duration { get }

    /// - Parameter picture: has at least one pixel.
    func prepare(_ picture: any PictureSource, largest: Bool) throws(RecognitionError) -> PreparedSample

    /// The largest faces of a picture, ``PreparedFaces/limit`` at most; of what is no face the one sample that there is.
    ///
    /// - Parameters:
    ///   - picture: has at least one pixel.
    ///   - shouldStop: asked before each of them.
    func prepareAll(
        _ picture: any PictureSource, shouldStop: () -> Bool
    ) throws(RecognitionError) -> PreparedFaces

    /// - Parameter crop: what a ``SourceRegion`` has kept of an image; it has at least one pixel.
    func prepare(kept crop: any PictureSource) throws(RecognitionError) -> PreparedSample
}

extension SamplePreparation {
    var detectionTime: Duration { .zero }

    func prepareAll(
        _ picture: any PictureSource, shouldStop: () -> Bool
    ) throws(RecognitionError) -> PreparedFaces {
        PreparedFaces(faces: [PreparedFaces.Face(try prepare(picture, largest: false))], found: 1, counted: 1)
    }

    /// Where nothing has to be chosen, a crop is an image like any other.
    func prepare(kept crop: any PictureSource) throws(RecognitionError) -> PreparedSample {
        try prepare(crop, largest: false)
    }
}

/// Finds the one face of an image, aligns and measures it.
final class FacePreparation: SamplePreparation {
    private let orientation: FaceOrientation
    private let limits: QualityLimits
    private let cover: FaceCoverMeter?
    private var search: FaceSearch { orientation.search }
    var detectionTime: Duration { search.detectionTime }

    /// - Parameter cover: what covered faces are measured by; nil does not measure them.
    init(_ orientation: FaceOrientation, limits: QualityLimits, cover: FaceCoverMeter? = nil) {
        self.orientation = orientation
        self.limits = limits
        self.cover = cover
    }

    func prepare(_ picture: any PictureSource, largest: Bool) throws(RecognitionError) -> PreparedSample {
        let (found, faces, counted) = try faces(in: picture, findsOthers: !largest)
        guard let face = faces.first else { throw .noFace }
        guard counted <= 1 || largest else { throw .severalFaces(count: counted) }
        return try sample(of: face, of: found, in: picture, facesFound: counted)
    }

    func prepareAll(
        _ picture: any PictureSource, shouldStop: () -> Bool
    ) throws(RecognitionError) -> PreparedFaces {
        let (found, faces, counted) = try faces(in: picture, findsOthers: true)
        var prepared: [PreparedFaces.Face] = []
        for face in faces.prefix(PreparedFaces.limit) {
            guard !shouldStop() else { throw .imageRejected(.stopped) }
            do throws(RecognitionError) {
                prepared.append(
                    PreparedFaces.Face(try sample(of: face, of: found, in: picture, facesFound: counted)))
            } catch {
                // One that cannot be aligned keeps the others from nothing.
                guard case .landmarksUnusable = error else { throw error }
                prepared.append(PreparedFaces.Face(face: face, sample: .failure(error)))
            }
        }
        return PreparedFaces(faces: prepared, found: faces.count, counted: counted)
    }

    /// What was found, of it the faces that count by falling size, and how many of them are no mere bystanders.
    private func faces(
        in picture: any PictureSource, findsOthers: Bool
    ) throws(RecognitionError) -> (found: FaceSearch.Found, faces: [DetectedFace], counted: Int) {
        let found = try wrapping { try search.faces(in: picture, findsOthers: findsOthers) }
        // What the detector is not sure of is a face only where nothing else is.
        let sure = found.faces.filter { $0.confidence >= limits.minimumDetection ?? -.infinity }
        let faces = (sure.isEmpty ? found.faces : sure).sorted { $0.size > $1.size }
        let least = FaceSearch.bystanderShare * (faces.first?.size ?? 0)
        return (found, faces, faces.count { $0.size >= least })
    }

    func prepare(kept crop: any PictureSource) throws(RecognitionError) -> PreparedSample {
        func choose(_ faces: [DetectedFace]) -> DetectedFace? {
            StoredCropFace.choose(from: faces, width: crop.width, height: crop.height)
        }
        let found = try wrapping {
            try search.faces(in: crop, findsOthers: false, suffices: { choose($0) != nil })
        }
        guard let face = choose(found.faces) else { throw .noFace }
        return try sample(of: face, of: found, in: crop, facesFound: found.faces.count)
    }

    private func wrapping<Value>(_ body: () throws -> Value) throws(RecognitionError) -> Value {
        do {
            return try body()
        } catch {
            throw .wrapping(error)
        }
    }

    private func sample(
        of face: DetectedFace, of found: FaceSearch.Found, in picture: any PictureSource, facesFound: Int
    ) throws(RecognitionError) -> PreparedSample {
        let (upright, mirrorDistance) = try wrapping {
            let upright = try orientation.upright(face, of: found, in: picture)
            return (upright, try orientation.mirrorDistance(of: upright.chip))
        }
        let measurements = ChipQuality(of: upright.chip).measurements(
            of: upright.face, mirrorDistance: mirrorDistance, limits: limits)
        return PreparedSample(
            image: upright.chip, measurements: measurements + (try cover?.measurements(of: upright.chip) ?? []),
            facesFound: facesFound, face: upright.face, region: .face(upright.face.box))
    }
}

/// Puts the ink of a signature on the network's canvas and measures it.
final class CanvasPreparation: SamplePreparation {
    private let canvas: SignaturePreparation

    init(_ canvas: SignaturePreparation) {
        self.canvas = canvas
    }

    func prepare(_ picture: any PictureSource, largest: Bool) throws(RecognitionError) -> PreparedSample {
        let placed = try canvas.place(try picture.grayLevels())
        return PreparedSample(
            image: placed.canvas.rgb(), measurements: placed.measurements, region: .ink(placed.ink, on: placed.paper))
    }
}

/// Takes the whole image: grey, resized to the network's size.
final class PlainPreparation: SamplePreparation {
    private let input: NetworkInput

    init(input: NetworkInput) {
        self.input = input
    }

    func prepare(_ picture: any PictureSource, largest: Bool) throws(RecognitionError) -> PreparedSample {
        PreparedSample(
            image: PlainImage.make(of: try picture.grayLevels(), width: input.width, height: input.height).rgb(),
            measurements: [])
    }
}

/// What a network for plain images sees of one.
package enum PlainImage {
    /// - Precondition: the image has pixels.
    package static func make(of image: RGBImage, width: Int, height: Int) -> GrayImage {
        make(of: image.grayscale(), width: width, height: height)
    }

    static func make(of image: GrayImage, width: Int, height: Int) -> GrayImage {
        let isReduced = image.width > width || image.height > height
        return image.resized(width: width, height: height, method: isReduced ? .area : .bilinear)
    }
}

extension PictureSource {
    fileprivate func grayLevels() throws(RecognitionError) -> GrayImage {
        do {
            return try grayscale()
        } catch {
            throw .imageRejected(error)
        }
    }
}
