// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import EnrollSupport
import Imaging
import NeuralNet
import Recognition

/// `enroll detect`.
struct DetectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "detect",
        abstract: "Find the faces of a picture, and say what would be refused and why.",
        discussion: """
            Nothing is compared or kept, and no daemon is asked. Of each face its box and landmarks are told, in pixels of the \
            picture from the centre of the top-left one, and what was measured on it; --draw draws them with the numbers of the \
            faces. A picture that shows nobody, or several \
            people, is no error here. Of many faces the \(PreparedFaces.limit) largest are told.
            """)

    @Argument(help: "An image file; “-” for standard input.", completion: .image)
    var image: String

    @Option(
        help: ArgumentHelp(
            "Write the picture there with numbered boxes around the faces, as PNG; a new file.", valueName: "file"),
        completion: .file(extensions: ["png"]))
    var draw: String?

    @OptionGroup var model: LocalModelOptions

    func run() async throws {
        BLAS.restartWithVectorKernels()
        let package = try model.package(.face)
        guard package.manifest.modality == .face else {
            throw CommandFailure(
                .usage, name: "Usage",
                message:
                    "“\(package.manifest.name)” is no face model, and faces are searched for; name one with --model")
        }
        let cover = try model.cover.package(for: package, model.options)
        let name = image == InputFile.standardInput ? "standard input" : EscapedBytes.printable(image)
        let bytes = try InputFile.read(image), decoders = try PictureDecoders.find()
        do {
            let picture = try decoders.makeReader(limits: .default).image(of: bytes, name: name)
            let faces = try Recognizer(package: package, faceCover: cover).makeSession().prepareAll(picture)
            if let draw {
                try OutputFile.write(
                    FaceDrawing.image(of: picture, faces: faces).pngBytes(), to: PlainPath.besideOthers(draw))
            }
            let report = DetectionReport(faces, of: picture, image: name, model: package.manifest)
            try model.options.output.print(report, text: report.text)
        } catch let failure as CommandFailure {
            throw failure
        } catch let error as ImagingError {
            throw CommandFailure(RecognitionError.imageRejected(error)).about(name)
        } catch {
            throw CommandFailure(error).about(name)
        }
    }
}
