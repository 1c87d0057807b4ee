import Foundation
import Imaging
import ProgramHarness
import Testing

@Suite("Decoding agrees with Pillow and NumPy", .enabled(if: PythonReference.isPresent, "\(PythonReference.missing)"))
struct DecodingTests {
    let reference: ImagingReference

    init() throws { reference = try ImagingReference.shared.get() }

    @Test("PNG of every colour type and depth, interlaced too, transparency over white")
    func png() throws {
        let files = try reference.files("png-")
        #expect(files.count == 32)
        for file in files {
            let name = file.deletingPathExtension().lastPathComponent
            let image = try RGBImage(decoding: reference.bytes(file))
            // 16 bits are cut to 8 before they are laid over white: two roundings.
            #expect(image.greatestDifference(from: try reference.expected(name)) ?? 255 <= 1, "\(name)")
        }
    }

    @Test("JPEG, progressive and grey too, upright whatever its EXIF orientation")
    func jpeg() throws {
        let files = try reference.files("jpeg-")
        #expect(files.count == 11)
        for file in files {
            let name = file.deletingPathExtension().lastPathComponent
            let image = try RGBImage(decoding: reference.bytes(file))
            // Two releases of libjpeg-turbo may round differently where chroma is enlarged.
            #expect(image.greatestDifference(from: try reference.expected(name)) ?? 255 <= 3, "\(name)")
        }
    }

    @Test("Grey levels are those of ITU-R BT.601 as Pillow rounds them")
    func grey() throws {
        #expect(try reference.expected("source").grayscale().rgb() == reference.expected("grey"))
    }

    @Test("A grey PNG read as grey is the same as read as colour")
    func greyDecoding() throws {
        for file in try reference.files("png-") {
            let bytes = try reference.bytes(file)
            #expect(try GrayImage(decoding: bytes) == RGBImage(decoding: bytes).grayscale(), "\(file.lastPathComponent)")
        }
    }

    @Test("Enlarging is Pillow's bilinear")
    func enlarging() throws {
        let source = try reference.expected("source")
        for (width, height) in [(106, 90), (211, 41)] {
            let expected = try reference.expected("enlarged-\(width)x\(height)")
            let image = source.resized(width: width, height: height, method: .bilinear)
            #expect(image.greatestDifference(from: expected) ?? 255 <= 1)
        }
    }

    @Test("Reducing by whole factors is Pillow's reduce")
    func reducing() throws {
        let image = try reference.expected("even").resized(width: 16, height: 9, method: .area)
        #expect(image.greatestDifference(from: try reference.expected("reduced-16x9")) ?? 255 <= 1)
    }

    @Test("Warping inside the picture is Pillow's bilinear affine transform")
    func warping() throws {
        let map = AffineTransform(a: 0.8, b: 0.25, c: -0.3, d: 0.7, tx: 12.25, ty: 3.5)
        let image = try reference.expected("source").warped(
            by: map, width: 20, height: 15, fill: RGB(red: 0, green: 0, blue: 0))
        // Pillow computes in fixed point.
        #expect(image.greatestDifference(from: try reference.expected("warped-20x15")) ?? 255 <= 2)
    }

    @Test("What is written as PNG is read back the same")
    func writing() throws {
        let image = try reference.expected("source")
        #expect(try RGBImage(decoding: image.pngBytes()) == image)
        #expect(try GrayImage(decoding: image.grayscale().pngBytes()) == image.grayscale())
    }
}
