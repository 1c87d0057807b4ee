import Imaging
import Recognition
import Testing

/// What a gallery keeps of a picture.
@Suite struct SourceCropTests {
    private func sample(faceAt box: Rectangle?) -> PreparedSample {
        let chip = RGBImage(width: 2, height: 2, repeating: RGB(red: 0, green: 0, blue: 0))
        return PreparedSample(
            image: chip, measurements: [],
            face: box.map { DetectedFace(box: $0, landmarks: [], landmarkLayout: .eyeCornersNose, confidence: 1) })
    }

    /// A picture whose pixels tell where they are.
    private func picture(width: Int, height: Int) -> RGBImage {
        var image = RGBImage(width: width, height: height, repeating: RGB(red: 0, green: 0, blue: 0))
        for y in 0..<height { for x in 0..<width { image[x, y] = RGB(red: UInt8(x % 256), green: UInt8(y % 256), blue: 0) } }
        return image
    }

    @Test func `of a face the box is kept with three quarters of its longer side around it`() {
        let source = sample(faceAt: Rectangle(left: 100, top: 120, width: 80, height: 60)).source(in: picture(width: 400, height: 300))
        #expect(source.width == 200 && source.height == 180)
        #expect(source[0, 0] == RGB(red: 40, green: 60, blue: 0))
    }

    @Test func `a face at the edge keeps what there is`() {
        let source = sample(faceAt: Rectangle(left: -10, top: -10, width: 40, height: 40)).source(in: picture(width: 100, height: 50))
        #expect(source.width == 60 && source.height == 50)
        #expect(source[0, 0] == RGB(red: 0, green: 0, blue: 0))
        let outside = sample(faceAt: Rectangle(left: 500, top: 500, width: 10, height: 10)).source(in: picture(width: 100, height: 50))
        #expect(outside.width == 100 && outside.height == 50)
    }

    @Test func `a large face is reduced to 448 pixels, a large picture without one to 1600`() {
        let face = sample(faceAt: Rectangle(left: 300, top: 300, width: 400, height: 400)).source(in: picture(width: 1000, height: 1000))
        #expect(face.width == 448 && face.height == 448)
        let page = sample(faceAt: nil).source(in: picture(width: 3200, height: 100))
        #expect(page.width == 1600 && page.height == 50)
        let small = picture(width: 30, height: 20)
        #expect(sample(faceAt: nil).source(in: small) == small)
    }
}
