// SPDX-License-Identifier: Apache-2.0

import Foundation

#if canImport(FoundationXML)
import FoundationXML
#endif

/// Reads an SVG file as XML, by Foundation's own parser.
final class SVGReader: NSObject, XMLParserDelegate {
    private(set) var elements: [String] = []
    private(set) var title = ""
    private var words = ""

    private var text: [String: String] = [:]

    override var description: String { text["desc"] ?? "" }

    /// Whether the file is well-formed.
    func read(_ file: [UInt8]) -> Bool {
        let parser = XMLParser(data: Data(file))
        parser.delegate = self
        return parser.parse()
    }

    func parser(
        _: XMLParser, didStartElement element: String, namespaceURI _: String?, qualifiedName _: String?,
        attributes _: [String: String]
    ) {
        elements.append(element)
        words = ""
    }

    func parser(_: XMLParser, foundCharacters characters: String) {
        words += characters
    }

    func parser(_: XMLParser, didEndElement element: String, namespaceURI _: String?, qualifiedName _: String?) {
        text[element] = words
        if element == "title" { title = words }
    }
}
