// SPDX-License-Identifier: Apache-2.0

import Files
import Testing

@Suite struct FilePathTests {
    @Test(arguments: [
        ("a", "."), ("/a", "/"), ("/a/b", "/a"), ("a/b/", "a"), ("/", "/"), ("a//b", "a"), ("", "."), ("//a", "/"),
        ("//", "/"),
        ("/a/b/c", "/a/b"), ("./a", "."), ("../a", ".."), ("é/b", "é"),
    ]) func `the folder of a path is what is before its last name`(path: String, folder: String) {
        #expect(FilePath.folder(of: path) == folder)
    }
}
