// SPDX-License-Identifier: Apache-2.0

import Foundation
import ProgramHarness
import Testing

/// What `scripts/completions` makes.
@Suite(
    .enabled(
        if: Products.contains("enroll") && Products.contains("likenessd"),
        "needs the built programs; scripts/test sets LIKENESS_BIN"))
struct ShellCompletionTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        let result = try CheckoutScript.run("completions", [folder.appending("share")])
        guard result.status == 0 else { throw HarnessError(result.errors) }
    }

    /// What bash offers for the last word, among these files and folders.
    private func offered(_ words: [String], beside files: [String]) throws -> Set<Substring> {
        let here = folder.appending("here")
        try FileManager.default.createDirectory(atPath: here, withIntermediateDirectories: true)
        for file in files {
            if file.hasSuffix("/") {
                try FileManager.default.createDirectory(
                    atPath: here + "/" + file, withIntermediateDirectories: true)
            } else {
                try Data().write(to: URL(fileURLWithPath: here + "/" + file))
            }
        }
        let script = """
            cd "$1"; source "$2"; shift 2
            COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}; COMPREPLY=()
            "_$1" "$1" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
            [ ${#COMPREPLY[@]} -eq 0 ] || printf '%s\\n' "${COMPREPLY[@]}"
            """
        let result = try Command.run(
            "/bin/bash",
            ["-c", script, "bash", here, folder.appending("share/bash-completion/completions/\(words[0])")] + words)
        #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
        return Set(result.output.split(separator: "\n"))
    }

    @Test func `bash completes commands, options, values and files`() throws {
        let files = ["face.jpg", "signature.png", "gallery.tar", "recipe.toml", "notes.txt", "people/"]
        let cases: [([String], Set<Substring>)] = [
            (["enroll", "verify", "alice", ""], ["face.jpg", "signature.png", "people"]),
            (["enroll", "gallery", "import", ""], ["gallery.tar", "people"]),
            (["enroll", "model", "calibrate", "a-model", ""], ["people"]),
            (["enroll", "evaluate", "p"], ["people"]),
            (["enroll", "train", "recipe", ""], ["recipe.toml", "people"]),
            (["enroll", "list", "--socket", "n"], ["notes.txt"]),
            (["enroll", "gallery", "ba"], ["backup"]),
            (["enroll", "verify", "--la"], ["--largest"]),
            (["enroll", "add", "alice", "--modality", "s"], ["signature"]),
            (["likenessd", "--config", "r"], ["recipe.toml"]),
            (["likenessd", "--ch"], ["--check-config"]),
        ]
        for (words, expected) in cases {
            #expect(try offered(words, beside: files) == expected, "\(words)")
        }
    }

    @Test(arguments: ["completions", "man-pages", "sbom"])
    func `a script says what it does where that is asked, and does nothing`(_ script: String) throws {
        for option in ["--help", "-h"] {
            let result = try CheckoutScript.run(script, [option])
            #expect(result.status == 0 && result.errors.isEmpty, "\(result)")
            #expect(result.output.contains("scripts/\(script)") && !result.output.contains("SPDX"), "\(result.output)")
        }
        #expect(try CheckoutScript.run(script, ["--no-such"]).status == 1)
    }

    @Test func `a shell that is here reads its files`() throws {
        for (shell, file) in [
            ("bash", "bash-completion/completions/enroll"), ("bash", "bash-completion/completions/likenessd"),
            ("zsh", "zsh/vendor-completions/_enroll"), ("zsh", "zsh/vendor-completions/_likenessd"),
            ("fish", "fish/vendor_completions.d/enroll.fish"), ("fish", "fish/vendor_completions.d/likenessd.fish"),
        ] {
            let path = folder.appending("share/" + file)
            #expect(FileManager.default.contents(atPath: path)?.isEmpty == false, "\(file)")
            let programs = ["/bin/", "/usr/bin/"].map { $0 + shell }
            guard let program = programs.first(where: FileManager.default.isExecutableFile) else { continue }
            let result = try Command.run(program, ["-n", path])
            #expect(result.status == 0 && result.errors.isEmpty, "\(file): \(result.errors)")
        }
    }
}
