// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Biometrics
import EnrollSupport
import Imaging
import LikenessInterface
import NeuralNet
import Recognition

/// `enroll compare`.
struct CompareCommand: AnswersByExitStatus {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Tell whether two pictures show the same person, or two signatures of one.",
        discussion: """
            No gallery and no daemon is asked: whoever can read the model can compare by it.
            Exit status 0: match, 1: no match, 2: inconclusive; 64 and above: errors, see enroll --help.
            """)

    @Argument(help: "An image file; “-” for standard input.", completion: .image)
    var first: String

    @Argument(help: "Another one.", completion: .image)
    var second: String

    @Option(help: "What the pictures show: face or signature.")
    var modality: Modality = .face

    @Option(help: ArgumentHelp("The false-match rate of the threshold, such as 1e-3.", valueName: "rate"))
    var fmr: Double?

    @Flag(help: "Take the largest of several faces.")
    var largest = false

    @OptionGroup var model: LocalModelOptions

    func validate() throws {
        if let fmr, !(fmr > 0 && fmr < 1) {
            throw ValidationError("--fmr takes a rate between 0 and 1, such as 1e-3")
        }
    }

    func answer() async throws -> CommandStatus {
        BLAS.restartWithVectorKernels()
        let package = try model.package(modality)
        let cover = try model.cover.package(for: package, model.options)
        let recognizer: Recognizer, calibration: Calibration
        do throws(ModelPackageError) {
            recognizer = try Recognizer(package: package, faceCover: cover)
            calibration = try recognizer.requiredCalibration()
        } catch {
            throw CommandFailure(error)
        }
        let point = try operatingPoint(calibration)
        let reader = try PictureDecoders.find().makeReader(limits: .default)
        let samples = [try sample(first, recognizer, reader), try sample(second, recognizer, reader)]
        do {
            let embeddings = try recognizer.makeSession().embed(samples)
            let decision = Decision(
                distance: Double(try EmbeddingPair(embeddings[0], embeddings[1]).distance),
                isProbeAcceptable: samples.allSatisfy(\.isAcceptable), calibration: calibration, operatingPoint: point,
                model: recognizer.digest)
            let report = ComparisonReport(decision, samples: samples)
            try model.options.output.print(report, text: report.text)
            return CommandStatus(report.result)
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw CommandFailure(error)
        }
    }

    private func operatingPoint(_ calibration: Calibration) throws(CommandFailure) -> OperatingPoint {
        guard let fmr else { return calibration.defaultOperatingPoint }
        guard let point = calibration.operatingPoint(falseMatchRate: fmr) else {
            let failure = ServiceFailure.noSuchOperatingPoint(
                asked: fmr, available: calibration.operatingPoints.map(\.falseMatchRate))
            throw CommandFailure(.usage, name: "Usage", message: "--fmr: \(failure)")
        }
        return point
    }

    private func sample(
        _ path: String, _ recognizer: Recognizer, _ reader: any PictureReader
    ) throws -> PreparedSample {
        let name = path == InputFile.standardInput ? "standard input" : EscapedBytes.printable(path)
        let bytes = try InputFile.read(path)
        do {
            return try recognizer.makeSession().prepare(reader.image(of: bytes, name: name), largest: largest)
        } catch let error as ImagingError {
            throw CommandFailure(RecognitionError.imageRejected(error)).about(name)
        } catch {
            throw CommandFailure(error).about(name)
        }
    }
}
