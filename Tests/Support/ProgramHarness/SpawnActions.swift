// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What happens to descriptors between `posix_spawn` and the program's first instruction.
struct SpawnActions {
    private var actions = posix_spawn_file_actions_t()
    /// The child's ends of pipes, which this process has no use for once the child has them.
    private var childEnds: [FileHandle] = []

    init() {
        posix_spawn_file_actions_init(&actions)
    }

    mutating func destroy() {
        posix_spawn_file_actions_destroy(&actions)
    }

    /// Connects standard input.
    /// - Returns: This process's end of the pipe, if there is one.
    mutating func connect(_ input: RunningProgram.Input) throws -> FileHandle? {
        switch input {
        case .nothing: open("/dev/null", O_RDONLY, as: STDIN_FILENO)
        case .file(let path): open(path, O_RDONLY, as: STDIN_FILENO)
        case .pipe:
            let (reading, writing) = try Self.pipe()
            pass(reading, as: STDIN_FILENO)
            return writing
        }
        return nil
    }

    /// Connects standard output or standard error.
    /// - Returns: This process's end of the pipe, if there is one.
    mutating func connect(_ output: RunningProgram.Output, to descriptor: Int32) throws -> FileHandle? {
        switch output {
        case .inherited: break
        case .nothing: open("/dev/null", O_WRONLY, as: descriptor)
        case .file(let path): open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, as: descriptor)
        case .appended(let path): open(path, O_WRONLY | O_CREAT | O_APPEND, as: descriptor)
        case .pipe:
            let (reading, writing) = try Self.pipe()
            pass(writing, as: descriptor)
            return reading
        }
        return nil
    }

    mutating func duplicate(_ source: Int32, to descriptor: Int32) {
        posix_spawn_file_actions_adddup2(&actions, source, descriptor)
    }

    /// Starts a program with the streams connected so far and no other descriptor.
    mutating func spawn(_ command: [String], environment: [String]) throws -> pid_t {
        closeOthers()
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // Services under test in this process ignore and block signals; programs are to begin without that.
        var defaults = sigset_t(), blocked = sigset_t()
        sigemptyset(&defaults)
        sigemptyset(&blocked)
        for signal in [SIGHUP, SIGINT, SIGQUIT, SIGPIPE, SIGTERM, SIGUSR1, SIGUSR2] { sigaddset(&defaults, signal) }
        posix_spawnattr_setsigdefault(&attributes, &defaults)
        posix_spawnattr_setsigmask(&attributes, &blocked)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
        var arguments: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
        var settings: [UnsafeMutablePointer<CChar>?] = environment.map { strdup($0) } + [nil]
        defer { for text in arguments + settings { free(text) } }
        var identifier: pid_t = 0
        let code = posix_spawn(&identifier, command[0], &actions, &attributes, &arguments, &settings)
        for end in childEnds { try? end.close() }
        guard code == 0 else { throw HarnessError("cannot start \(command[0]): \(String(cString: strerror(code)))") }
        return identifier
    }

    /// Every descriptor above the standard streams. The function that does it in one step is in glibc 2.34 and newer,
    /// and not in the header as Swift reads it.
    private mutating func closeOthers() {
        typealias CloseFrom = @convention(c) (UnsafeMutablePointer<posix_spawn_file_actions_t>, Int32) -> Int32
        if let symbol = dlsym(nil, "posix_spawn_file_actions_addclosefrom_np") {
            _ = unsafeBitCast(symbol, to: CloseFrom.self)(&actions, STDERR_FILENO + 1)
        } else {
            for descriptor in STDERR_FILENO + 1..<1024 { posix_spawn_file_actions_addclose(&actions, descriptor) }
        }
    }

    private mutating func open(_ path: String, _ flags: Int32, as descriptor: Int32) {
        posix_spawn_file_actions_addopen(&actions, descriptor, path, flags, 0o600)
    }

    private mutating func pass(_ end: FileHandle, as descriptor: Int32) {
        duplicate(end.fileDescriptor, to: descriptor)
        childEnds.append(end)
    }

    /// A pipe that programs started by other means do not inherit.
    private static func pipe() throws -> (reading: FileHandle, writing: FileHandle) {
        var ends: [Int32] = [0, 0]
        guard Foundation.pipe(&ends) == 0, ends.allSatisfy({ fcntl($0, F_SETFD, FD_CLOEXEC) == 0 }) else {
            throw HarnessError("cannot make a pipe: \(String(cString: strerror(errno)))")
        }
        return (
            FileHandle(fileDescriptor: ends[0], closeOnDealloc: true),
            FileHandle(fileDescriptor: ends[1], closeOnDealloc: true)
        )
    }
}
