// SPDX-License-Identifier: Apache-2.0

import ProgramHarness

/// faiss's flat index in a Python process, asked to search on a number of threads.
struct FaissPeer {
    private let peer: PythonPeer

    /// - Parameters:
    ///   - rows: vectors of `columns` numbers, one after another.
    ///   - probes: the vectors that are searched for, in turn.
    init(python: String, rows: [Float], probes: [Float], columns: Int, threads: Int) throws {
        peer = try PythonPeer(python: python, script: Self.script) { folder in
            [
                try PythonPeer.write(rows, "rows.f32", in: folder),
                try PythonPeer.write(probes, "probes.f32", in: folder),
                "\(columns)", "\(threads)",
            ]
        }
    }

    /// The time of each of `runs` searches for the nearest `limit`.
    func time(runs: Int, limit: Int) throws -> [Duration] {
        try peer.ask("time \(runs) \(limit)").split(separator: " ").compactMap { Double($0).map { .seconds($0) } }
    }

    /// The rows nearest to a probe, nearest first.
    func nearest(to probe: Int, limit: Int) throws -> [Int] {
        try peer.ask("nearest \(probe) \(limit)").split(separator: " ").compactMap { Int($0) }
    }

    func stop() { peer.stop() }

    private static let script = """
        import sys, time
        import faiss, numpy
        rows_file, probes_file, columns, threads = sys.argv[1:]
        faiss.omp_set_num_threads(int(threads))
        index = faiss.IndexFlatL2(int(columns))
        index.add(numpy.fromfile(rows_file, numpy.float32).reshape(-1, int(columns)))
        probes = numpy.fromfile(probes_file, numpy.float32).reshape(-1, 1, int(columns))
        for line in sys.stdin:
            words = line.split()
            if words[0] == "time":
                times = []
                for run in range(int(words[1])):
                    start = time.perf_counter()
                    index.search(probes[run % len(probes)], int(words[2]))
                    times.append(time.perf_counter() - start)
                print(*times, flush=True)
            else:
                print(*index.search(probes[int(words[1])], int(words[2]))[1][0], flush=True)
        """
}
