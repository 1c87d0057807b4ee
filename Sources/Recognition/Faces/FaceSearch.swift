// SPDX-License-Identifier: Apache-2.0

import Imaging

/// Finds the faces of a picture whatever their size in it and however it is turned.
///
/// The picture is looked at in small copies first (``FaceLadder``), as it is and then turned by 90°, 180° and 270°,
/// because a detector knows upright faces only; last in tiles of larger copies. A face that lies turned is looked at
/// again in a part of the picture that is turned upright, where its landmarks are found as well as those of any other.
package final class FaceSearch {
    private let session: any FaceLocatorSession
    private let smallestSeen: Double
    /// The longer side of the largest copy that is seen at once; it is the largest that is looked at turned, too.
    private var maximumSide: Int { sides.upperBound }
    /// The longer sides of the smallest copy that is looked at, and of the largest that is seen at once.
    private let sides: ClosedRange<Int>
    private let firstSide: Int
    /// From this confidence on the detector has found a face the right way round; nil where no confidence tells.
    let sureConfidence: Double?

    /// Landmarks farther from a face's than this are of no face, or of one that is seen the wrong way round.
    static let maximumDeviation = 0.35
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

    /// The faces of a picture by falling confidence; empty when there is none.
    ///
    /// - Parameters:
    ///   - suffices: whether what was found is what is searched for; the search goes on until it says yes.
    ///   - findsOthers: whether every other face is to be found that is at least a third as large as the largest.
    func faces(
        in picture: any PictureSource, findsOthers: Bool, suffices: ([DetectedFace]) -> Bool = { !$0.isEmpty }
    ) throws -> [DetectedFace] {
        let ladder = FaceLadder(
            width: picture.width, height: picture.height, smallestSeen: smallestSeen,
            first: firstSide, sides: sides)
        let coarse = ladder.sides.prefix { $0 <= maximumSide }
        for side in coarse {
            let found = try upright(in: picture, longerSide: side)
            if suffices(found) {
                return findsOthers ? try withOthers(found, in: picture, seenAt: side, ladder) : found
            }
        }
        for side in coarse {
            let found = try turned(in: picture, longerSide: side)
            if suffices(found) { return found }
        }
        for side in ladder.sides[coarse.endIndex...] {
            let found = try upright(in: picture, longerSide: side)
            if suffices(found) {
                return findsOthers ? try withOthers(found, in: picture, seenAt: side, ladder) : found
            }
        }
        return []
    }

    /// The faces that stand upright in a copy of the picture.
    private func upright(in picture: any PictureSource, longerSide: Int) throws -> [DetectedFace] {
        try leveled(plausible(try seen(in: picture, longerSide: longerSide)), in: picture)
    }

    /// What the detector sees in a copy, in tiles where it is large.
    private func seen(in picture: any PictureSource, longerSide: Int) throws -> [DetectedFace] {
        guard longerSide > maximumSide else { return try session.locate(in: picture, longerSide: longerSide) }
        let copy = try picture.pixels(longerSide: longerSide)
        let tiles = PictureTiles(
            width: copy.width, height: copy.height, side: Double(maximumSide),
            // A face that no coarser copy has shown lies in one tile as a whole.
            overlap: min(2 * smallestSeen, Double(maximumSide) / 2))
        var found: [DetectedFace] = []
        for tile in tiles.rectangles {
            let part = copy.cropped(x: tile.x, y: tile.y, width: tile.width, height: tile.height)
            found += try session.locate(in: part, longerSide: max(tile.width, tile.height)).map {
                $0.moved(x: Double(tile.x), y: Double(tile.y))
            }
        }
        let scaleX = Double(picture.width) / Double(copy.width), scaleY = Double(picture.height) / Double(copy.height)
        // The copy shows a face with fewer pixels than the picture may have.
        return try Self.distinct(found).map { face in
            let face = face.scaled(x: scaleX, y: scaleY)
            return try seenUpright(face, roll: face.geometry?.roll ?? 0, in: picture) ?? face
        }
    }

    /// Faces that stand upright in the picture turned by 90°, 180° or 270°.
    private func turned(in picture: any PictureSource, longerSide: Int) throws -> [DetectedFace] {
        // Turned copies are made of a small one, and what is found in them is looked at again in the picture itself.
        let small = try picture.pixels(longerSide: min(longerSide, max(picture.width, picture.height)))
        let scaleX = Double(picture.width) / Double(small.width), scaleY = Double(picture.height) / Double(small.height)
        var found: [DetectedFace] = []
        for turn in [QuarterTurn.half, .clockwise, .counterclockwise] {
            let faces = try session.locate(in: small.turned(turn), longerSide: longerSide)
            found += plausible(faces).map { face in
                face.mapped { turn.original($0, width: small.width, height: small.height) }.scaled(x: scaleX, y: scaleY)
            }
        }
        return try leveled(found, in: picture)
    }

    private func plausible(_ faces: [DetectedFace]) -> [DetectedFace] {
        faces.filter { face in face.geometry.map { $0.deviation <= Self.maximumDeviation } ?? false }
    }

    /// The same faces, those that are tilted as they are seen upright.
    private func leveled(_ faces: [DetectedFace], in picture: any PictureSource) throws -> [DetectedFace] {
        Self.distinct(
            try faces.map { face in
                guard let geometry = face.geometry, abs(geometry.roll) > Self.levelRoll else { return face }
                return try seenUpright(face, roll: geometry.roll, in: picture) ?? face
            })
    }

    /// The face as it is found in a part of the picture that is turned by its tilt; nil when it is not found there.
    package func seenUpright(_ face: DetectedFace, roll: Double, in picture: any PictureSource) throws -> DetectedFace?
    {
        let patch = UprightPatch(of: face, roll: roll)
        let found = plausible(
            try session.locate(in: try patch.cut(from: picture), longerSide: patch.seenSide(smallestSeen)))
        let middle = Point(x: Double(patch.side - 1) / 2, y: Double(patch.side - 1) / 2)
        let nearest = found.filter { $0.box.contains(middle) }.max { $0.confidence < $1.confidence }
        return nearest.map { $0.mapped(patch.toImage.applied(to:)) }
    }

    /// The faces together with those that only a finer copy shows, when they are large enough to count.
    private func withOthers(
        _ found: [DetectedFace], in picture: any PictureSource, seenAt side: Int, _ ladder: FaceLadder
    ) throws -> [DetectedFace] {
        guard let largest = found.map(\.size).max() else { return found }
        let scale = Double(side) / Double(max(picture.width, picture.height))
        let needed = Double(side) * smallestSeen / (largest * Self.bystanderShare * scale)
        // A detector finds faces that are a little smaller than it states.
        guard needed > 1.2 * Double(side), let last = ladder.sides.last, last > side else { return found }
        let finer = try upright(in: picture, longerSide: min(Int(needed.rounded(.up)), last))
        return Self.distinct(found + finer)
    }

    /// Of faces in one place the surest, by falling confidence.
    static func distinct(_ faces: [DetectedFace]) -> [DetectedFace] {
        YuNetSession.suppressed(faces, overlapUnion: overlap)
    }
}

extension Rectangle {
    func contains(_ point: Point) -> Bool {
        left <= point.x && point.x <= right && top <= point.y && point.y <= bottom
    }
}
