// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Biometrics
import Dispatch
import EnrollSupport
import Foundation
import LikenessInterface

/// `enroll rotate`.
struct RotateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: "Change the model that the gallery is compared by, and embed what is enrolled by the other one.",
        usage: """
            enroll rotate MODEL [--dry-run] [--wait] [--max-drop RATE]
            enroll rotate --status | --cancel | --rollback [--modality MODALITY] | --prune [--modality MODALITY]
            """,
        discussion: """
            The model is in the daemon's folder of models; enroll model import puts it there. The daemon embeds every sample in \
            the background and answers by the active model meanwhile. It then measures the gallery by both models, and \
            activates the other one unless the gallery's own equal error rate rises by more than is allowed. Nobody has to \
            be enrolled again, and --rollback goes back until --prune.
            """)

    enum Action: String, EnumerableFlag {
        case status
        case cancel
        case rollback
        case prune

        static func help(for value: Action) -> ArgumentHelp? {
            switch value {
            case .status: "Show the rotation that is under way, or the last one, and the generations."
            case .cancel: "End the rotation that is under way."
            case .rollback: "Go back to the model before."
            case .prune: "Remove what is kept to go back to."
            }
        }
    }

    @Argument(
        help: "The model's name, the name of its folder, or the beginning of its digest.",
        completion: ModelArgument.completion, transform: TextArgument.checked)
    var model: String?

    @Flag(exclusivity: .exclusive)
    var action: Action?

    @Flag(help: "Embed and measure, and activate nothing.")
    var dryRun = false

    @Flag(help: "Wait for the end, and show how far it is. Without it the daemon works on while the command ends.")
    var wait = false

    @Option(
        help: ArgumentHelp(
            "By how much the gallery's own equal error rate may rise, such as 0.01 for one percentage point, and the largest share of samples that may be refused; default: the daemon's.",
            valueName: "rate"))
    var maxDrop: Double?

    @Option(
        help:
            "Whose generations: face, signature or glyph; default: the one that can be rolled back for --rollback, all for --prune."
    )
    var modality: Modality?

    @OptionGroup var daemon: DaemonOptions

    func validate() throws {
        guard (model == nil) != (action == nil) else {
            throw ValidationError("name a model to rotate to, or one of --status, --cancel, --rollback and --prune")
        }
        guard model != nil || !(dryRun || wait || maxDrop != nil) else {
            throw ValidationError("--dry-run, --wait and --max-drop go with a model")
        }
        guard modality == nil || action == .rollback || action == .prune else {
            throw ValidationError("--modality goes with --rollback and --prune")
        }
        if let maxDrop, !RotateModel.maxDrops.contains(maxDrop) {
            throw ValidationError("--max-drop takes a rate from 0 to 1, such as 0.01")
        }
    }

    func run() async throws {
        if let model {
            try await rotate(to: model)
        } else if let action {
            try await manage(action)
        }
    }

    private func rotate(to model: String) async throws {
        let run = RotationRun(
            client: wait ? try daemon.patientClient : try daemon.client, model: model, dryRun: dryRun, maxDrop: maxDrop)
        guard wait else {
            let rotation = try await run.start()
            return try daemon.output.print(
                RotateModel.Reply(rotation: rotation), text: RotationText.started(rotation))
        }
        let display = RotationDisplay()
        let interruption = Self.tellOnInterruption()
        defer {
            interruption.cancel()
            display.clear()
        }
        do {
            let rotation = try await run.follow { display.show($0) }
            display.clear()
            try daemon.output.print(RotateModel.Reply(rotation: rotation), text: RotationText.ended(rotation))
        } catch let failure as CommandFailure {
            display.clear()
            // With --json the failure itself holds it.
            if let report = RotationRun.report(of: failure), !daemon.output.json {
                try StandardStream.standardOutput.write(RotationText.report(report))
            }
            throw failure
        }
    }

    /// The end of the command is not the end of the rotation.
    private static func tellOnInterruption() -> any DispatchSourceSignal {
        signal(SIGINT, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
        source.setEventHandler {
            try? StandardStream.standardError.write(
                "\nenroll: the daemon goes on with the rotation; enroll rotate --status tells how far it is, and enroll rotate --cancel ends it\n"
            )
            _exit(CommandStatus.interrupted.rawValue)
        }
        source.resume()
        return source
    }

    private func manage(_ action: Action) async throws {
        let client = try daemon.client
        switch action {
        case .status:
            let reply = try await client.call(RotationStatus())
            try daemon.output.print(reply, text: RotationText.status(reply))
        case .cancel:
            let reply = try await client.call(CancelRotation())
            try daemon.output.print(reply, text: RotationText.cancelled(reply.rotation))
        case .rollback:
            let reply = try await client.call(Rollback(modality: modality))
            try daemon.output.print(reply, text: RotationText.rolledBack(reply))
        case .prune:
            let reply = try await daemon.patientClient.call(PruneGenerations(modality: modality))
            try daemon.output.print(reply, text: RotationText.pruned(reply))
        }
    }
}
