// SPDX-License-Identifier: Apache-2.0

import Imaging

/// Finds the faces of a picture whatever their size in it and however it is turned.
///
/// The picture is looked at in small copies first (``FaceLadder``), as it is and then turned by 90°, 180° and 270°,
/// because a detector knows upright faces only; last in tiles of larger copies. Only the faces that are wanted of those found are
/// looked at again (``lookedAtAgain(_:isCoarse:in:)``): a picture may show hundreds.
package final class FaceSearch {
    /// What a search has found.
    struct Found {
        /// By falling confidence.
        let faces: [DetectedFace]
        /// Whether they were seen in a copy that may show them with fewer pixels than the picture does.
        var isCoarse = false
    }

    private let session: any FaceLocatorSession
    /// How long the detector has looked at pictures so far, without their reading.
    private(set) var detectionTime = Duration.zero
    private let smallestSeen: Double
    /// The longer sides of the smallest copy that is looked at, and of the largest that is seen at once; the largest is
    /// the largest that is looked at turned, too.
    private let sides: ClosedRange<Int>
    private let firstSide: Int
    /// From this confidence on the detector has found a face the right way round; nil where no confidence tells.
    let sureConfidence: Double?

    /// Landmarks farther from a face's than this are of no face, or of one that is seen the wrong way round.
    private static let maximumDeviation = 0.35
    /// A face tilted by more degrees than this is looked at again with its head upright.
    private static let levelRoll = 20.0
    /// Another face counts as one of several from this share of the largest one's size on.
    static let bystanderShare = 1.0 / 3
    /// Faces that share more than this of their union are one.
    private static let overlap = 0.3

    /// - Throws: ``RecognitionError`` or a ``NetworkError`` when the detector cannot be used.
    package init(_ locator: any FaceLocator) throws {
        session = try locator.makeSession()
        smallestSeen = locator.smallestFace
        firstSide = locator.firstSide
        sides = min(locator.minimumSide, locator.maximumSide)...locator.maximumSide
        sureConfidence = locator.uprightConfidence
    }

    /// The faces of a picture; nothing when there is none.
    ///
    /// - Parameters:
    ///   - suffices: whether what was found is what is searched for; the search goes on until it says yes.
    ///   - findsOthers: whether every other face is to be found that is at least a third as large as the largest.
    func faces(
        in picture: any PictureSource, findsOthers: Bool, suffices: ([DetectedFace]) -> Bool = { !$0.isEmpty }
    ) throws -> Found {
        let ladder = FaceLadder(
            width: picture.width, height: picture.height, smallestSeen: smallestSeen, first: firstSide, sides: sides)
        let coarse = ladder.sides.prefix { $0 <= sides.upperBound }, fine = ladder.sides[coarse.endIndex...]
        for (copies, look) in [(coarse, upright), (coarse, turned), (fine, upright)] {
            for side in copies {
                let found = try look(picture, side)
                guard suffices(found.faces) else { continue }
                guard findsOthers, let finer = finerSide(found.faces, in: picture, seenAt: side, ladder) else {
                    return found
                }
                let others = try look(picture, finer)
                return Found(
                    faces: (found.faces + others.faces).distinct(overlapUnion: Self.overlap),
                    isCoarse: found.isCoarse || others.isCoarse)
            }
        }
        return Found(faces: [])
    }

    /// The faces that stand upright in a copy of the picture, which is seen in tiles where it is large.
    private func upright(in picture: any PictureSource, longerSide: Int) throws -> Found {
        guard longerSide > sides.upperBound else {
            return Found(
                faces: plausible(try locate(in: picture, longerSide: longerSide))
                    .distinct(overlapUnion: Self.overlap))
        }
        let copy = try picture.pixels(longerSide: longerSide)
        let tiles = PictureTiles(
            width: copy.width, height: copy.height, side: Double(sides.upperBound),
            // A face that no coarser copy has shown lies in one tile as a whole.
            overlap: min(2 * smallestSeen, Double(sides.upperBound) / 2))
        let found = try tiles.regions.flatMap { tile in
            try locate(in: copy.pixels(of: tile), longerSide: max(tile.width, tile.height)).map {
                $0.moved(x: Double(tile.left), y: Double(tile.top))
            }
        }
        return Found(
            faces: plausible(found).map { $0.scaled(from: copy, to: picture) }.distinct(overlapUnion: Self.overlap),
            isCoarse: true)
    }

    /// Faces that stand upright in the picture turned by 90°, 180° or 270°, in a copy that is seen at once.
    private func turned(in picture: any PictureSource, longerSide: Int) throws -> Found {
        let side = min(longerSide, sides.upperBound)
        // A small picture is turned as it is, and enlarged afterwards.
        let copy = try picture.pixels(longerSide: min(side, max(picture.width, picture.height)))
        let found = try [QuarterTurn.half, .clockwise, .counterclockwise].flatMap { turn in
            plausible(try locate(in: copy.turned(turn), longerSide: side)).map { face in
                face.mapped { turn.original($0, width: copy.width, height: copy.height) }
                    .scaled(from: copy, to: picture)
            }
        }
        return Found(faces: found.distinct(overlapUnion: Self.overlap))
    }

    private func locate(in picture: any PictureSource, longerSide: Int) throws -> [DetectedFace] {
        let begun = ContinuousClock.now, read = picture.readingTime
        defer { detectionTime += begun.duration(to: .now) - (picture.readingTime - read) }
        return try session.locate(in: picture, longerSide: longerSide)
    }

    private func plausible(_ faces: [DetectedFace]) -> [DetectedFace] {
        faces.filter { face in face.geometry.map { $0.deviation <= Self.maximumDeviation } ?? false }
    }

    /// A face as it is found from near where it was seen in a coarse copy, and with its head upright where it is tilted.
    func lookedAtAgain(_ face: DetectedFace, isCoarse: Bool, in picture: any PictureSource) throws -> DetectedFace {
        var face = face
        if isCoarse, let roll = face.geometry?.roll { face = try seenUpright(face, roll: roll, in: picture) ?? face }
        guard let roll = face.geometry?.roll, abs(roll) > Self.levelRoll else { return face }
        return try seenUpright(face, roll: roll, in: picture) ?? face
    }

    /// The face as it is found in a part of the picture that is turned by its tilt; nil when it is not found there.
    package func seenUpright(_ face: DetectedFace, roll: Double, in picture: any PictureSource) throws -> DetectedFace?
    {
        let patch = UprightPatch(of: face, roll: roll)
        let found = plausible(
            try locate(in: try patch.cut(from: picture), longerSide: patch.seenSide(smallestSeen)))
        let surest = found.filter { $0.box.contains(patch.middle) }.max { $0.confidence < $1.confidence }
        return surest.map { $0.mapped(patch.toImage.applied(to:)) }
    }

    /// The longer side of the copy that shows every face large enough to count, where that is a finer one than was
    /// looked at.
    private func finerSide(
        _ found: [DetectedFace], in picture: any PictureSource, seenAt side: Int, _ ladder: FaceLadder
    ) -> Int? {
        guard let largest = found.map(\.size).max(), let last = ladder.sides.last, last > side else { return nil }
        let needed = Double(max(picture.width, picture.height)) * smallestSeen / (largest * Self.bystanderShare)
        // A detector finds faces that are a little smaller than it states.
        guard needed > 1.2 * Double(side) else { return nil }
        return min(Int(min(needed, Double(last)).rounded(.up)), last)
    }
}

extension DetectedFace {
    /// The face of a copy in the picture that it is a copy of.
    fileprivate func scaled(from copy: RGBImage, to picture: any PictureSource) -> DetectedFace {
        scaled(
            x: Double(picture.width) / Double(copy.width), y: Double(picture.height) / Double(copy.height))
    }
}

extension Rectangle {
    func contains(_ point: Point) -> Bool {
        left <= point.x && point.x <= right && top <= point.y && point.y <= bottom
    }
}
