import EnvdCore
import EnvdManifest
import EnvdSystem
import EnvdTestSupport
import Foundation
import Testing

@Suite("Requirements files are read as pip reads them")
struct PipAgreementTests {
    /// Files about which the two differ on purpose, by the reason.
    private static let differences: [String: [String]] = [
        "what lies on disk is the engine's to say: a path may come later, and is watched": ["./nowhere", "$HOME/six"],
        "with a variable in it only the engine can tell what it means": ["six==${NOTHING_SET}"],
        "PEP 508 and uv let a URL hold a `;`": ["six @ https://example.org/a;b.zip"],
        "pip before 25 and uv let extras follow the name in `egg=`": ["https://example.org/six.zip#egg=six[extra]"],
        "pip drops the marker of an editable, uv obeys it": [#"-e ./pkg ; python_version > "3""#],
        "pip reads the first word alone and refuses it, uv reads the line": [
            "-e six @ git+https://example.org/six.git"
        ],
        "uv takes more kinds of hashes": ["six==1 --hash=md5:aa"],
        "pip knows only the blank before options, uv the tab too": ["six==1\t--hash=sha256:aa"],
        "pip drops a hash without its requirement with a warning, uv refuses it": ["--hash=sha256:aa"],
        "pip drops it, uv refuses it": ["-"],
        "pip before 26 knew the option": [#"six --global-option="--quiet""#],
        "which features there are changes from pip to pip": ["--use-feature nothing-that-is-known"],
        "uv takes it for `-r nested.txt`": ["-r=nested.txt"],
    ]

    @Test("each line of the corpus: refused or not, every part of it, and every option")
    func corpus() async throws {
        let directory = try TemporaryDirectory("corpus")
        for (name, text) in [
            ("pkg/pyproject.toml", "[project]\nname = 'pkg'\nversion = '1'\n"), ("pkg/sub/setup.py", ""),
            ("setup.py", ""), ("wheels/links.html", ""), ("nested.txt", "nested==1\n"), ("limits.txt", "limit<2\n"),
            ("pkg/inner.txt", "-r ../nested.txt\n-f ../wheels\ninner\n"),
        ] { try directory.write(name, text) }
        let files = RequirementsCorpus.files
        #expect(files.count >= 150)
        let input = Array(try JSONEncoder().encode(files))
        let output = try await PythonReference.run(Self.program, input: input, workingDirectory: directory.path)
        let theirs = try JSONDecoder().decode([Answer].self, from: Data(output))
        try #require(theirs.count == files.count)
        let reasons = Set(Self.differences.values.flatMap { $0 })
        #expect(reasons.isSubset(of: files))
        var agreed = 0
        for (text, theirs) in zip(files, theirs) {
            try FileSystem.replace(directory.path / "case.txt", with: Array(text.utf8), mode: 0o644)
            let mine = Answer(RequirementsContent(of: "case.txt", below: directory.path), directory.path)
            if mine.isSame(as: theirs) { agreed += 1 }
            if reasons.contains(text) {
                #expect(!mine.isSame(as: theirs), "\(text.debugDescription) is no difference any more")
            } else {
                #expect(mine.isSame(as: theirs), "\(text.debugDescription)\n\(mine.apart(from: theirs))")
            }
        }
        #expect(agreed == files.count - reasons.count)
    }

    private static let program = """
        import io, json, optparse, os, logging
        logging.disable(logging.CRITICAL)
        from pip._internal.cli import cmdoptions
        from pip._internal.index.collector import LinkCollector
        from pip._internal.index.package_finder import PackageFinder
        from pip._internal.models.format_control import FormatControl
        from pip._internal.models.release_control import ReleaseControl
        from pip._internal.models.search_scope import SearchScope
        from pip._internal.models.selection_prefs import SelectionPreferences
        from pip._internal.network.session import PipSession
        from pip._internal.req.constructors import install_req_from_parsed_requirement
        from pip._internal.req.req_file import parse_requirements
        from pip._vendor.packaging.utils import canonicalize_name

        with open(sys.argv[1], encoding='utf-8') as file:
            cases = json.load(file)
        session = PipSession()

        def item(parsed):
            own = install_req_from_parsed_requirement(parsed)
            link = own.link
            if link is None:
                address = None
            elif link.scheme in ('', 'file'):
                address = 'file:' + os.path.abspath(link.file_path if link.scheme else link.url)
            else:
                address = link.url
            settings = []
            for key, value in (parsed.options or {}).get('config_settings', {}).items():
                settings += [key + '=' + one for one in (value if isinstance(value, list) else [value])]
            hashes = (parsed.options or {}).get('hashes', {})
            return {
                'editable': own.editable, 'constraint': own.constraint,
                'name': None if own.req is None else canonicalize_name(own.req.name),
                'specifier': '' if own.req is None else str(own.req.specifier),
                'extras': sorted({canonicalize_name(extra) for extra in own.extras}),
                'marker': None if own.markers is None else str(own.markers), 'address': address,
                'hashes': sorted({kind + ':' + one for kind, all in hashes.items() for one in all}),
                'settings': sorted(settings),
            }

        def answer(text):
            with io.open('case.txt', 'w', encoding='utf-8', newline='') as file:
                file.write(text)
            session.pip_trusted_origins.clear()
            # pip keeps the features of one file for the next one.
            cmdoptions.use_new_feature.keywords['default'].clear()
            finder = PackageFinder.create(
                LinkCollector(session, SearchScope([], ['default'], False)),
                SelectionPreferences(allow_yanked=False, format_control=FormatControl(),
                                     release_control=ReleaseControl()))
            options = optparse.Values({'require_hashes': False, 'no_require_hashes': False, 'features_enabled': []})
            try:
                items = [item(parsed) for parsed in parse_requirements('case.txt', session, finder, options)]
            except Exception as error:
                return {'valid': False, 'error': repr(error)}
            items.sort(key=lambda item: item['constraint'])
            place = lambda link: link if '://' in link else os.path.abspath(link)
            return {
                'valid': True, 'items': items, 'indexes': [] if finder.search_scope.no_index else finder.index_urls,
                'links': [place(link) for link in finder.find_links],
                'formats': [sorted(finder.format_control.no_binary), sorted(finder.format_control.only_binary)],
                'releases': [sorted(finder.release_control.all_releases), sorted(finder.release_control.only_final)],
                'flags': sorted(
                    name for name, value in [
                        ('--no-index', finder.search_scope.no_index), ('--prefer-binary', finder.prefer_binary),
                        ('--require-hashes', options.require_hashes),
                        ('--no-require-hashes', options.no_require_hashes)] if value),
                'features': sorted(options.features_enabled),
                'hosts': sorted(host + (':%d' % port if port else '')
                                for host, port in session.pip_trusted_origins),
            }

        print(json.dumps([answer(text) for text in cases]))
        """
}

/// What a reader makes of one file.
private struct Answer: Equatable, Decodable {
    struct Item: Equatable, Decodable {
        var editable: Bool
        var constraint: Bool
        var name: String?
        var specifier: String
        var extras: [String]
        var marker: String?
        var address: String?
        var hashes: [String]
        var settings: [String]
    }

    var valid: Bool
    /// In the reader's own words.
    var error: String?
    var items: [Item]?
    var indexes: [String]?
    var links: [String]?
    var formats: [[String]]?
    var releases: [[String]]?
    var flags: [String]?
    var features: [String]?
    var hosts: [String]?

    func isSame(as other: Answer) -> Bool {
        var (left, right) = (self, other)
        left.error = nil
        right.error = nil
        return left == right
    }

    /// What differs, for people.
    func apart(from other: Answer) -> String {
        let (mine, its) = (Mirror(reflecting: self).children, Mirror(reflecting: other).children)
        return zip(mine, its).filter { "\($0.value)" != "\($1.value)" }
            .map { "\($0.label ?? ""): envd \($0.value), pip \($1.value)" }.joined(separator: "\n")
    }

    /// envd's reading, with the options taken together as pip does it.
    init(_ content: RequirementsContent, _ root: Path) {
        if let problem = content.problem {
            valid = false
            error = problem.description
            return
        }
        valid = true
        items = content.requirements.map { Item($0, isConstraint: false, root) }
        items? += content.constraints.map { Item($0, isConstraint: true, root) }
        let options = content.options.map { option in
            let parts = option.split(separator: " ", maxSplits: 1).map(String.init)
            return (name: parts[0], value: parts.count > 1 ? parts[1] : "")
        }
        var (found, places, flags) = (["default"], [String](), Set<String>())
        var formats: [[String]] = [[], []]
        var releases: [[String]] = [[], []]
        for (name, value) in options {
            switch name {
            case "--index-url": if !flags.contains("--no-index") { found = [value] }
            case "--extra-index-url": if !flags.contains("--no-index") { found.append(value) }
            case "--find-links":
                places.append(value.contains("://") ? value : root.appending(value).withoutDots.description)
            case "--no-binary": Self.choose(value, 0, &formats)
            case "--only-binary": Self.choose(value, 1, &formats)
            case "--pre": Self.choose(":all:", 0, &releases)
            case "--all-releases": Self.choose(value, 0, &releases)
            case "--only-final": Self.choose(value, 1, &releases)
            case "--no-index", "--prefer-binary", "--require-hashes", "--no-require-hashes": flags.insert(name)
            default: break
            }
        }
        indexes = flags.contains("--no-index") ? [] : found
        links = places
        self.formats = formats
        self.releases = releases
        self.flags = flags.sorted()
        features = options.filter { $0.name == "--use-feature" }.map(\.value)
        hosts = options.filter { $0.name == "--trusted-host" }.map(\.value)
    }

    /// pip's `FormatControl.handle_mutual_excludes`.
    private static func choose(_ value: String, _ side: Int, _ sets: inout [[String]]) {
        var names = value.split(separator: ",").map(String.init)
        while let all = names.firstIndex(of: ":all:") {
            sets[1 - side] = []
            sets[side] = [":all:"]
            names.removeFirst(all + 1)
            if !names.contains(":none:") { return }
        }
        for name in names {
            if name == ":none:" {
                sets[side] = []
            } else {
                sets[1 - side].removeAll { $0 == name }
                sets[side] = Set(sets[side] + [name]).sorted()
            }
        }
    }
}

extension Answer.Item {
    init(_ item: RequirementsItem, isConstraint: Bool, _ root: Path) {
        editable = item.isEditable
        constraint = isConstraint
        name = item.name
        specifier = item.specifiers.joined(separator: ",")
        extras = item.extras
        marker = item.marker
        address = item.address.map { address in
            guard let path = item.localPath else { return address }
            return "file:" + root.appending(path).withoutDots.description
        }
        hashes = item.hashes
        settings = item.settings.map { setting in
            setting.replacing("--config-settings=", with: "").replacing("'", with: "")
        }.sorted()
    }
}

extension Path {
    fileprivate var withoutDots: Path {
        var kept: [ByteString] = []
        for piece in bytes.split(separator: UInt8(ascii: "/")) where !piece.isEmpty && piece != "." {
            if piece == ".." { _ = kept.popLast() } else { kept.append(piece) }
        }
        return kept.reduce(Path.root) { $0.appending(Path($1)) }
    }
}
