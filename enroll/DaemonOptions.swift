import ArgumentParser
import DaemonSupport
import EnrollSupport
import Foundation

/// The options of every command that asks the daemon.
struct DaemonOptions: ParsableArguments {
    @OptionGroup var output: Output

    @Option(
        help: ArgumentHelp(
            "The daemon's socket.",
            discussion: "Without it: LIKENESS_SOCKET, else that of your own daemon if there is one, else the system's.",
            valueName: "path"),
        completion: .file())
    var socket: String?

    @Option(
        help: ArgumentHelp(
            "How long to wait for an answer, or for the next of several; default: 60, and 600 for work on the whole gallery.",
            valueName: "seconds"))
    var timeout: Int?

    func validate() throws {
        guard timeout.map({ (1...86_400).contains($0) }) ?? true else {
            throw ValidationError("--timeout takes a whole number of seconds from 1 to 86400")
        }
    }

    var client: DaemonClient { client(timeout: 60) }

    /// For work on the whole gallery, which may take long between two answers.
    var patientClient: DaemonClient { client(timeout: 600) }

    private func client(timeout usual: Int) -> DaemonClient {
        DaemonClient(socket: Self.socket(option: socket), timeout: .seconds(timeout ?? usual))
    }

    static func socket(option: String?) -> SocketChoice {
        let environment = ProcessInfo.processInfo.environment
        return SocketChoice(
            option: option, environment: environment,
            usersOwn: StandardPlaces.user(environment: environment, user: geteuid())?.socket,
            system: StandardPlaces.system.socket, exists: { access($0, F_OK) == 0 })
    }
}

/// How a probe is compared.
struct ProbeOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The false-match rate whose threshold decides, such as 1e-3; enroll status lists those of the model.",
            valueName: "rate"))
    var fmr: Double?

    @Flag(help: "Take the largest of several faces.")
    var largest = false

    func validate() throws {
        if let fmr, !(fmr > 0 && fmr < 1) {
            throw ValidationError("--fmr takes a rate between 0 and 1, such as 1e-3")
        }
    }
}
