// SPDX-License-Identifier: Apache-2.0

/// PyTorch in a Python process, asked to train the reference network on the same batch, step after step.
struct PyTorchPeer {
    private let peer: PythonPeer

    init(python: String, images: [Float], isSame: [Bool], threads: Int) throws {
        peer = try PythonPeer(python: python, script: Self.script) { folder in
            [
                try PythonPeer.write(images, "images.f32", in: folder),
                try PythonPeer.write(isSame.map { $0 ? 1 : 0 }, "same.f32", in: folder), String(threads),
            ]
        }
    }

    /// The time of each of `steps` steps.
    func time(steps: Int) throws -> [Duration] {
        try peer.ask("step \(steps)").split(separator: " ").compactMap { Double($0).map { .seconds($0) } }
    }

    func stop() { peer.stop() }

    private static let script = """
        import sys, time
        import numpy, torch
        from torch import nn
        images_file, same_file, threads = sys.argv[1:]
        torch.set_num_threads(int(threads))
        torch.manual_seed(1)
        images = torch.from_numpy(numpy.fromfile(images_file, numpy.float32)).reshape(-1, 1, 105, 105)
        same = torch.from_numpy(numpy.fromfile(same_file, numpy.float32))
        network = nn.Sequential(
            nn.Conv2d(1, 96, 11), nn.ReLU(), nn.LocalResponseNorm(5, 1e-4, 0.75, 2), nn.MaxPool2d(3, 2),
            nn.Conv2d(96, 256, 5, padding=2), nn.ReLU(), nn.LocalResponseNorm(5, 1e-4, 0.75, 2), nn.MaxPool2d(3, 2), nn.Dropout2d(0.3),
            nn.Conv2d(256, 384, 3, padding=1), nn.ReLU(),
            nn.Conv2d(384, 256, 3, padding=1), nn.ReLU(), nn.MaxPool2d(3, 2), nn.Dropout2d(0.3),
            nn.Flatten(), nn.Linear(30976, 1024), nn.ReLU(), nn.Dropout(0.5), nn.Linear(1024, 128), nn.ReLU(), nn.Linear(128, 2))
        optimiser = torch.optim.Adam(network.parameters(), lr=1e-3, weight_decay=5e-4)
        network.train()
        for line in sys.stdin:
            times = []
            for _ in range(int(line.split()[1])):
                start = time.perf_counter()
                optimiser.zero_grad()
                embeddings = network(images)
                distance = (embeddings[0::2] - embeddings[1::2]).pow(2).sum(1).add(1e-12).sqrt()
                loss = 0.5 * (same * distance.pow(2) + (1 - same) * (1 - distance).clamp(min=0).pow(2)).mean()
                loss.backward()
                optimiser.step()
                times.append(time.perf_counter() - start)
            print(*times, flush=True)
        """
}
