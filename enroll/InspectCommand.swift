// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import EnrollSupport

/// `enroll inspect`.
struct InspectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Show what a model's networks consist of: inputs, operators, layers, parameters and cost.")

    @Argument(
        help: "An ONNX file, a package's folder or tar file, or a name in the folder of models.",
        completion: .file(extensions: ["onnx", "tar"]))
    var model: String

    @OptionGroup var options: ModelOptions

    func run() async throws {
        let report = try options.lookingUp { try InspectionReport(model, store: $0) }
        try options.output.print(report, text: report.text)
    }
}
