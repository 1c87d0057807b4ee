// SPDX-License-Identifier: Apache-2.0

import Foundation
import NeuralNet
import ProgramHarness

/// Damaged copies of a network's file, and what it costs to read and run one.
struct Mutations {
    /// What a copy cost.
    struct Cost {
        /// Of the thread, so that other work of the machine does not count.
        var seconds: Double
        /// By how much the process grew while it had the network, in bytes.
        var memory: Int
        /// nil where the engine refused it.
        var ran: Bool
    }

    /// Ten networks: real ones where they have been exported, else small ones of the shared cases.
    static let files: [URL] = {
        let real = ExportedBackbones.files.filter { $0.lastPathComponent.contains("-ts17") }
        let small = ExportedNetworks.files.filter { $0.lastPathComponent.contains("-dyn18") }
        return Array((real + small).prefix(10))
    }()

    /// An import refuses networks of larger images before they are planned.
    private static let largestSide = 2048

    let name: String
    private let bytes: [UInt8]
    private let graph: Graph

    init(_ file: URL) throws {
        name = file.deletingPathExtension().lastPathComponent
        bytes = Array(try Data(contentsOf: file))
        graph = try Graph(onnx: bytes)
    }

    /// The sound file's own cost.
    func soundCost() throws -> Cost {
        let cost = Self.cost(of: bytes)
        guard cost.ran else { throw HarnessError("\(name) does not run") }
        return cost
    }

    /// A damaged copy: flipped bits and bytes, most of them where the file says what its weights are, or absurd numbers
    /// in what it says.
    func mutated(_ trial: Int) throws -> [UInt8] {
        var random = SeededGenerator(seed: UInt64(trial) &+ name.utf8.reduce(7) { $0 &* 31 &+ UInt64($1) })
        if trial.isMultiple(of: 2), let changed = try? Absurd.change(graph, with: &random).onnxBytes() {
            return changed
        }
        var damaged = bytes
        let head = min(damaged.count, 4096)
        for _ in 0..<random.int(1...4) {
            let place: Int
            switch random.int(0...2) {
            case 0: place = random.int(0...damaged.count - 1)
            case 1: place = random.int(0...head - 1)
            default: place = damaged.count - 1 - random.int(0...head - 1)
            }
            switch random.int(0...3) {
            case 0: damaged[place] = UInt8(random.int(0...255))
            case 1: damaged[place] = [0, 1, 0x7F, 0x80, 0xFF][random.int(0...4)]
            default: damaged[place] ^= 1 << UInt8(random.int(0...7))
            }
        }
        return damaged
    }

    /// Reads, plans and runs a network as an import does: with one image, whose size is as declared.
    static func cost(of bytes: [UInt8]) -> Cost {
        let usage = Usage()
        var ran = false
        do throws(NetworkError) {
            let network = try Network(onnx: bytes)
            let shapes = Dictionary(
                network.inputs.map { input in
                    (
                        input.name,
                        [1] + input.shape.dropFirst().map { if case .fixed(let extent) = $0 { extent } else { 1 } }
                    )
                }, uniquingKeysWith: { first, _ in first })
            guard shapes.values.allSatisfy({ $0.allSatisfy { $0 <= largestSide } }) else {
                return Cost(seconds: usage.seconds, memory: usage.growth, ran: false)
            }
            let plan = try network.plan(inputShapes: shapes)
            let run = plan.makeRun()
            for input in plan.inputs {
                try run.withInput(input.name) { for index in $0.indices { $0[index] = Float(index % 7) - 3 } }
            }
            try run.execute()
            for output in plan.outputs { _ = try run.output(output.name) }
            ran = true
        } catch {
            // Refused by a typed error.
        }
        return Cost(seconds: usage.seconds, memory: usage.growth, ran: ran)
    }
}

/// What the process and its thread use from a moment on.
private struct Usage {
    private let start: Double
    private let before: Int

    /// Gives back what is free, and has the greatest size be counted anew.
    init() {
        if let trim = dlsym(nil, "malloc_trim") {
            _ = unsafeBitCast(trim, to: (@convention(c) (Int) -> Int32).self)(0)
        }
        try? Data("5".utf8).write(to: URL(filePath: "/proc/self/clear_refs"))
        before = Self.kilobytes("VmRSS:")
        start = Self.threadSeconds
    }

    /// Of the thread.
    var seconds: Double { Self.threadSeconds - start }

    /// The greatest size since then, beyond that at the time, in bytes.
    var growth: Int { max(0, Self.kilobytes("VmHWM:") - before) * 1024 }

    private static var threadSeconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    private static func kilobytes(_ key: String) -> Int {
        guard let text = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
            let line = text.split(separator: "\n").first(where: { $0.hasPrefix(key) })
        else { return 0 }
        return Int(line.split(whereSeparator: { !$0.isNumber }).first ?? "0") ?? 0
    }
}
